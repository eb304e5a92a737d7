/** Files as who reads a notebook knows them: packages by their names, what lies beside the notebook from its folder. */
import path from 'node:path';
import { inPackage } from '../session/errors/packages';

/** A file, told from the notebook's folder. */
export function shownFile(file: string, folder: string): string {
  const packaged = inPackage(file);
  if (packaged !== undefined) return `${packaged.name}/${packaged.rest}`;
  const relative = path.relative(folder, file);
  return relative.length < file.length ? relative : file;
}

/** The scripts of cells (`service.ts`), in a type as TypeScript writes it. */
const OF_CELL = /import\("[^"]*\/cell-\d+_*"\)\./g;
/** `import("/…/helper")`, and `module "/…/helper"` of one that is looked at. */
const MODULE = /(import\(|module )"(\/[^"]*|[a-z]:\/[^"]*)"/gi;
/** A file that a message speaks of. */
const FILE = /'(\/[^'\n]*\/node_modules\/[^'\n]*)'/g;

/** What TypeScript says, where it writes whole paths. */
export function withoutPaths(text: string, folder: string): string {
  if (!text.includes('/')) return text;
  return text
    .replace(OF_CELL, '')
    .replace(MODULE, (_, before: string, file: string) => `${before}"${moduleName(file, folder)}"`)
    .replace(FILE, (_, file: string) => `'${shownFile(file, folder)}'`);
}

/** As one would import it. Types that live apart (`@types/a__b`) are the package's (`@a/b`). */
function moduleName(file: string, folder: string): string {
  const name = inPackage(file)?.name;
  if (name === undefined) return specifier(shownFile(file, folder));
  const typed = /^@types\/(.*)$/.exec(name)?.[1];
  return typed === undefined ? name : typed.replace(/^(.+)__/, '@$1/');
}

const specifier = (file: string): string => (/^(\.|\/|[a-z]:)/i.test(file) ? file : `./${file}`);
