import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Whole or not at all, since Jupyter may read the folder while this runs; left alone while nothing changes. */
export function writeIfChanged(file: string, content: string | Uint8Array): void {
  const wanted = Buffer.from(content);
  if (readIfThere(file)?.equals(wanted)) return;
  const temporary = `${file}.${process.pid}.tmp`;
  mkdirSync(path.dirname(file), { recursive: true });
  try {
    writeFileSync(temporary, wanted);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
