import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { inRoot } from '../../scripts/setup/paths.mjs';
import { temporaryFolder } from './checkout';

interface Entry {
  resolved?: string;
  link?: boolean;
  integrity?: string;
  optionalDependencies?: Record<string, string>;
}

const packages: Record<string, Entry> = JSON.parse(
  readFileSync(inRoot('package-lock.json'), 'utf8'),
).packages;

/** Where npm would look for a dependency of the package at `place`: in its own node_modules, then further out. */
function isLocked(place: string, name: string): boolean {
  const own = path.posix.join(place, 'node_modules', name);
  if (own in packages) return true;
  const outer = place.lastIndexOf('node_modules');
  return place !== '' && isLocked(outer < 0 ? '' : place.slice(0, outer).replace(/\/$/, ''), name);
}

describe('package-lock.json', () => {
  it('names no registry, and for every package from one the hash of its contents', () => {
    const entries = Object.entries(packages).filter(
      ([place, { link }]) => /node_modules\//.test(place) && !link,
    );
    expect(entries.length).toBeGreaterThan(300);
    expect(entries.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
    expect(entries.filter(([, { integrity }]) => integrity === undefined)).toEqual([]);
  });

  it('has an entry for every optional dependency: the programs of other systems too', () => {
    const wanted = Object.entries(packages).flatMap(([place, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).map((name) => ({ place, name })),
    );
    expect(wanted.map(({ name }) => name)).toContain('@biomejs/cli-darwin-arm64');
    expect(wanted.filter(({ place, name }) => !isLocked(place, name))).toEqual([]);
  });

  it.each(['linux-x64', 'linux-arm64', 'darwin-arm64', 'win32-x64'])('is whole for %s, to npm', (system) => {
    const [os, cpu] = system.split('-');
    const copy = temporaryFolder();
    const manifests = [
      'package.json',
      'kernel/package.json',
      'extension/package.json',
      'package-lock.json',
      '.npmrc',
    ];
    for (const file of manifests) {
      mkdirSync(path.dirname(path.join(copy, file)), { recursive: true });
      cpSync(inRoot(file), path.join(copy, file));
    }
    const args = ['ci', '--dry-run', '--offline', '--ignore-scripts', `--os=${os}`, `--cpu=${cpu}`];
    expect(() => execFileSync('npm', args, { cwd: copy, stdio: 'pipe' })).not.toThrow();
  });
});
