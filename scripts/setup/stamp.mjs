import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './paths.mjs';

/**
 * A stamp says what a finished step was made from. It lies inside what the step made, so that deleting
 * that deletes the stamp, and it is written last, so that a step cut short runs again.
 * @param {string} file @param {string} inputs
 */
export function isDone(file, inputs) {
  try {
    return readFileSync(file, 'utf8') === inputs;
  } catch {
    return false;
  }
}

/** @param {string} file @param {string} inputs */
export function markDone(file, inputs) {
  writeWhole(file, inputs);
}

/** @param {string} file */
export function markUndone(file) {
  rmSync(file, { force: true });
}

/** Writes a file under a temporary name and renames it: it is there whole or not at all. @param {string} file @param {string} text */
export function writeWhole(file, text) {
  mkdirSync(path.dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, text);
  renameSync(temporary, file);
}

/**
 * A hash of names, relative to the checkout so that it may be moved, and contents.
 * @param {string[]} paths files and folders @param {(file: string) => boolean} [counts] @returns {string}
 */
export function hashOf(paths, counts = () => true) {
  const hash = createHash('sha256');
  for (const file of paths.flatMap(filesBelow).filter(counts))
    hash
      .update(`${path.relative(root, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  return hash.digest('hex');
}

/** @param {string} start @returns {string[]} */
function filesBelow(start) {
  try {
    return readdirSync(start, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .sort();
  } catch {
    return [start];
  }
}
