import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { keepCode } from '../compiler/launch';
import { kernelFolder, type Place } from './folders';
import { KERNEL_NAME, losslabSpec, type SpecOptions } from './spec';
import { writeIfChanged } from './write';

export type InstallOptions = SpecOptions & {
  /** Where to; the user's own folder by default. */
  place?: Place;
  /** The name of the kernelspec, `losslab` by default. */
  name?: string | undefined;
};

const ASSETS = path.resolve(__dirname, '..', '..', 'assets');

/**
 * Registers this kernel with Jupyter and returns the folder of its kernelspec.
 *
 * `kernel.json` is written last: a folder without it is no kernel, so that none is ever seen half written.
 */
export function install({
  place = { user: true },
  name = KERNEL_NAME,
  ...spec
}: InstallOptions = {}): string {
  checkName(name);
  const folder = kernelFolder(place, name);
  for (const logo of readdirSync(ASSETS).filter((file) => file.startsWith('logo-')))
    writeIfChanged(path.join(folder, logo), readFileSync(path.join(ASSETS, logo)));
  keepCode(spec.node ?? process.execPath);
  writeIfChanged(path.join(folder, 'kernel.json'), `${JSON.stringify(losslabSpec(spec), null, 2)}\n`);
  return folder;
}

/** Takes the kernelspec away again; returns its folder, or undefined when there was none. */
export function uninstall({
  place = { user: true },
  name = KERNEL_NAME,
}: InstallOptions = {}): string | undefined {
  checkName(name);
  const folder = kernelFolder(place, name);
  if (!existsSync(path.join(folder, 'kernel.json'))) return undefined;
  rmSync(folder, { recursive: true });
  return folder;
}

/** What jupyter_client takes as the name of a kernelspec, in small letters as it finds them. */
function checkName(name: string): void {
  if (/^[a-z0-9._-]+$/.test(name) && !/^\.+$/.test(name)) return;
  throw new RangeError(`the kernel's name may hold a-z, 0-9, ".", "_" and "-", got "${name}"`);
}
