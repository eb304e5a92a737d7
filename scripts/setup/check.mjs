import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { nodeModules, root } from './paths.mjs';
import { cleanEnvironment } from './run.mjs';

const biome = path.join(nodeModules, '@biomejs', 'biome', 'bin', 'biome');
const tsc = path.join(nodeModules, 'typescript', 'bin', 'tsc');

/** Form and types of everything in the checkout; the tests and scripts have tsconfigs of their own. */
const CHECKS = [
  { label: 'Form (biome)', args: [biome, 'check', '--error-on-warnings', '.'], remedy: 'npm run fix' },
  { label: 'Types of the packages (tsc)', args: [tsc, '-b'] },
  { label: 'Types of scripts and tests (tsc)', args: [tsc, '-p', 'tsconfig.check.json'] },
  { label: "Types of the extension's tests (tsc)", args: [tsc, '-p', 'tsconfig.check-extension.json'] },
];

/** Runs every check, also after one failed. @returns {number} how many failed */
export function check() {
  return CHECKS.filter((one) => !passes(one)).length;
}

/** @param {{ label: string, args: string[], remedy?: string }} check */
function passes({ label, args, remedy }) {
  const { status } = spawnSync(process.execPath, args, {
    cwd: root,
    stdio: 'inherit',
    env: cleanEnvironment(),
  });
  const hint = status !== 0 && remedy ? `: ${remedy} mends most of it` : '';
  console.log(`${status === 0 ? '✓' : '✗'} ${label}${hint}`);
  return status === 0;
}
