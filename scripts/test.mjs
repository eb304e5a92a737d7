import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { check } from './setup/check.mjs';
import { findOrInstallChromium } from './setup/chromium.mjs';
import { explain, Interrupted } from './setup/errors.mjs';
import { setup } from './setup/index.mjs';
import { withLock } from './setup/lock.mjs';
import { endWithNpm } from './setup/parent.mjs';
import { jupyterEnvironment, nodeModules, root } from './setup/paths.mjs';
import { installTestPackages } from './setup/python.mjs';
import { cleanEnvironment } from './setup/run.mjs';
import { countTests, summary } from './setup/summary.mjs';

/** `npm test -- src/figure`: sets up, checks form and types, and runs the tests; what follows `--` goes to vitest. */
async function test() {
  await setup();
  await withLock(installTestPackages);
  const chromium = await chromiumOrExplain();
  const failedChecks = check() + (chromium ? 0 : 1);
  const counts = await vitest(process.argv.slice(2), chromium ? { LOSSLAB_CHROMIUM: chromium } : {});
  return { ...counts, failed: counts.failed + failedChecks };
}

/** Without a browser the other tests still run. @returns {Promise<string | undefined>} */
async function chromiumOrExplain() {
  try {
    return await findOrInstallChromium();
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    explain(error);
    return undefined;
  }
}

/** @param {string[]} extra @param {Record<string, string>} env */
async function vitest(extra, env) {
  const folder = mkdtempSync(path.join(tmpdir(), 'losslab-test-'));
  const report = path.join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const status = await exitStatus([...reporters, ...extra], env);
  const counts = countTests(report, status);
  rmSync(folder, { recursive: true, force: true });
  return counts;
}

/** @param {string[]} args @param {Record<string, string>} env @returns {Promise<number>} */
function exitStatus(args, env) {
  const child = spawn(process.execPath, [path.join(nodeModules, 'vitest', 'vitest.mjs'), 'run', ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...cleanEnvironment(), ...jupyterEnvironment(), ...env },
  });
  // Ctrl-C reaches vitest too; its summary is still printed.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}

/** @returns {Promise<import('./setup/summary.mjs').Counts>} */
async function testOrExplain() {
  try {
    return await test();
  } catch (error) {
    explain(error);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

endWithNpm();
const counts = await testOrExplain();
console.log(summary(counts));
process.exitCode = counts.failed === 0 ? 0 : 1;
