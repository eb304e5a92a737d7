import { messageOf } from '../../display/text';
import { toDisplay } from '../../display/toDisplay';
import type { Debuggee, Evaluated, Rich, Variable } from '../../places/debuggee';
import type { Boxes } from '../boxes';
import { isUserCodeOnStack } from '../stack';
import { type Child, childrenOf } from './children';
import { pauseIfWanted, wantPause } from './pausing';
import { withinReach } from './reach';
import { Scope } from './scope';
import { summaryOf } from './summary';

/** Lets the debugger look at this thread's variables. */
export function allowDebugging(boxes: Boxes): void {
  const value: Debuggee = new Looking(boxes);
  Object.defineProperty(globalThis, Symbol.for('losslab.kernel.debuggee'), { value });
}

/** Answers at once and never waits: the thread may stand at a breakpoint. */
export class Looking implements Debuggee {
  readonly #boxes: Boxes;
  /** What was shown and can be unfolded, until the program goes on. */
  readonly #held: unknown[] = [];

  constructor(boxes: Boxes) {
    this.#boxes = boxes;
  }

  session(): Variable[] {
    const known = [...this.#boxes].filter(([, { v }]) => v !== undefined);
    return known.map(([name, { v }]) => this.#named({ name, value: v }));
  }

  hold(scopes: readonly object[]): number {
    return this.#keep(new Scope(scopes, this.#boxes));
  }

  variables(reference: number): Variable[] {
    const value = this.#held[reference - 1];
    if (value instanceof Scope) return value.children.map((child) => this.#named(child));
    return childrenOf(value).map((child) => this.#variable(child));
  }

  evaluate(run: () => unknown): Evaluated {
    try {
      const value = withinReach(this.#boxes, run);
      return { ok: true, ...this.#described(value) };
    } catch (error) {
      return {
        ok: false,
        message: error instanceof Error ? `${error.name}: ${messageOf(error)}` : messageOf(error),
      };
    }
  }

  holds(run: () => unknown): boolean {
    try {
      return Boolean(withinReach(this.#boxes, run));
    } catch {
      return false;
    }
  }

  rich(run: () => unknown): Rich | undefined {
    const display = toDisplay(withinReach(this.#boxes, run));
    return display instanceof Promise ? undefined : display;
  }

  pause(): void {
    wantPause(true);
    if (isUserCodeOnStack()) pauseIfWanted();
  }

  forget(): void {
    wantPause(false);
    this.#held.length = 0;
  }

  #keep(value: unknown): number {
    return this.#held.push(value);
  }

  #named(child: Child): Variable {
    return { ...this.#variable(child), evaluateName: child.name };
  }

  #variable({ name, value }: Child): Variable {
    const { result, ...more } = this.#described(value);
    return { name, value: result, ...more };
  }

  #described(value: unknown): { result: string; variablesReference: number } {
    const variablesReference = childrenOf(value).length > 0 ? this.#keep(value) : 0;
    return { result: summaryOf(value), variablesReference };
  }
}
