import { Box, type Boxes } from '../boxes';
import { type Child, childrenOf } from './children';

/** The variables of blocks and functions within one another, as V8 makes objects of them. */
export class Scope {
  readonly #scopes: readonly object[];
  readonly #boxes: Boxes;

  /** @param scopes The innermost first: its variables hide those of the others. */
  constructor(scopes: readonly object[], boxes: Boxes) {
    this.#scopes = scopes;
    this.#boxes = boxes;
  }

  /** Those of the user. A cell's functions and classes are seen among the notebook's. */
  get children(): Child[] {
    const all = this.#scopes.flatMap((variables) => childrenOf(variables));
    const seen = new Map<string, Child>();
    for (const child of all) if (!seen.has(child.name)) seen.set(child.name, child);
    return [...seen.values()].filter(
      ({ name, value }) =>
        !isOurs(name, value) && !(typeof value === 'function' && this.#boxes.holds(name, value)),
    );
  }
}

/** What the compiler calls a cell with, and TypeScript's helpers. */
const GIVEN =
  /^(\$(import|await|enter|meta)?\$*|\$*(require|__filename|__dirname)\$*|__[a-z]\w*|(env|e|result)_\d+)$/;

function isOurs(name: string, value: unknown): boolean {
  return GIVEN.test(name) || (name.startsWith('$') && value instanceof Box);
}
