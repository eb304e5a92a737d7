/** What a snapshot is tied to: it is read only by the Node that wrote it, with its flags, and holds our code and TypeScript. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** The name of the snapshot that the compiled code in a folder makes on this Node, without its ending. */
export function snapshotName(code: string, flags: readonly string[]): string {
  const hash = createHash('sha256');
  const { arch, platform, version, versions, execPath } = process;
  hash.update(JSON.stringify([arch, platform, version, versions.v8, execPath, flags]));
  for (const file of [execPath, require.resolve('typescript'), require.resolve('@types/node/package.json')])
    hash.update(stamp(file));
  for (const file of programs(code)) hash.update(file).update(readFileSync(path.join(code, file)));
  return `${PREFIX}${hash.digest('hex').slice(0, 20)}`;
}

export const PREFIX = 'typescript-';

/** Large files are known by their size and time. */
function stamp(file: string): string {
  const { size, mtimeMs } = statSync(file);
  return JSON.stringify([file, size, mtimeMs]);
}

const programs = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.js'))
    .sort();
