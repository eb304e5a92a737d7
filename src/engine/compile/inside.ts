import type { Traced } from './build';
import type { State } from './find';

/** What is behind a compiled function, for what else runs its graphs. */
interface Inside {
  state: State;
  run: Traced;
}

const insides = new WeakMap<object, Inside>();

export function noteInside(compiled: object, inside: Inside): void {
  insides.set(compiled, inside);
}

export function insideOf(compiled: object): Inside {
  const inside = insides.get(compiled);
  if (inside === undefined) throw new TypeError('it must be a function that compile() has made');
  return inside;
}

/** How the graphs of some compiled functions run, each way once. */
export function modesOf(compiled: readonly object[]): string[] {
  const graphs = compiled.flatMap((one) => insideOf(one).state.info.graphs);
  return [...new Set(graphs.map(({ mode }) => mode))].sort();
}
