import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The version of this package. */
export function kernelVersion(): string {
  const manifest = path.join(__dirname, '..', '..', 'package.json');
  return JSON.parse(readFileSync(manifest, 'utf8')).version;
}
