import { Box, type Boxes } from '../boxes';
import { type Child, childrenOf } from './children';

/** The variables of a block or function, as V8 makes an object of them. */
export class Scope {
  readonly #variables: object;
  readonly #boxes: Boxes;

  constructor(variables: object, boxes: Boxes) {
    this.#variables = variables;
    this.#boxes = boxes;
  }

  /** Those of the user. A cell's functions and classes are seen among the notebook's. */
  get children(): Child[] {
    return childrenOf(this.#variables).filter(
      ({ name, value }) =>
        !isOurs(name, value) && !(typeof value === 'function' && this.#boxes.holds(name, value)),
    );
  }
}

/** What the compiler calls a cell with, and TypeScript's helpers. */
const GIVEN =
  /^(\$(import|await|meta)?\$*|\$*(require|__filename|__dirname)\$*|__[a-z]\w*|(env|e|result)_\d+)$/;

function isOurs(name: string, value: unknown): boolean {
  return GIVEN.test(name) || (name.startsWith('$') && value instanceof Box);
}
