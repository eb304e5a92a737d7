import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { inRoot } from '../scripts/setup/paths.mjs';

/** A file of the checkout and what it imports; of a relative import the file meant, without extension. */
export interface Source {
  file: string;
  imports: string[];
}

/** Every TypeScript file below a folder of the checkout, tests left out. */
export function sourcesIn(folder: string): Source[] {
  return readdirSync(inRoot(folder), { recursive: true, encoding: 'utf8' })
    .map((name) => path.posix.join(folder, name.replaceAll(path.sep, '/')))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => ({ file, imports: importsOf(file, readFileSync(inRoot(file), 'utf8')) }));
}

/** `import`, `export … from`, `import type`, `import(…)` and `require(…)`, as TypeScript itself reads them. */
export function importsOf(file: string, text: string): string[] {
  const { importedFiles } = ts.preProcessFile(text, true, true);
  return importedFiles.map(({ fileName }) =>
    fileName.startsWith('.') ? path.posix.join(path.posix.dirname(file), fileName) : fileName,
  );
}
