import { types } from 'node:util';
import type { Boxes } from './boxes';

/** The kernel's names, and one of what a value must have that a cell may put in their place without a word. */
const OURS: Readonly<Record<string, readonly string[]>> = {
  console: ['log'],
  // tslab's is an object.
  display: ['call', 'html'],
  jupyter: ['display'],
};

/**
 * A cell may call its own variable `console`, as JavaScript allows: from then on `console.log` fails in all cells, and
 * nobody remembers why.
 */
export class Shadowed {
  readonly #told = new Set<string>();

  /** What is to be said of the names that a cell has assigned: each once. */
  notes(names: readonly string[], boxes: Boxes): string {
    const taken = names.filter((name) => Object.hasOwn(OURS, name) && !this.#told.has(name));
    return taken
      .filter((name) => !has(boxes.get(name).v, OURS[name]!))
      .map((name) => {
        this.#told.add(name);
        return `Note: ${name} is a variable of this notebook now; the kernel's own is globalThis.${name}.\n`;
      })
      .join('');
  }
}

/** Runs nothing of the user's. */
function has(value: unknown, properties: readonly string[]): boolean {
  if (value === null || value === undefined) return false;
  return types.isProxy(value) || properties.some((property) => property in Object(value));
}
