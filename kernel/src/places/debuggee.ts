/**
 * What the debugger (the protocol's thread) asks of the user's thread, by V8's inspector: also while that thread stands
 * still at a breakpoint. `session/debuggee/` answers.
 */

/** Where it is found, as code that the inspector evaluates. */
export const DEBUGGEE = "globalThis[Symbol.for('losslab.kernel.debuggee')]";

/** The script in which the thread stands still when it is asked to pause. */
export const PAUSE_FILE = 'losslab-kernel-pause';

/**
 * One line of a list of variables, in the words of the Debug Adapter Protocol. It has no `type`: JupyterLab shows that in
 * place of a value that is not Python's, and what matters of a type stands in the value.
 */
export interface Variable {
  name: string;
  /** One line of text. */
  value: string;
  /** Asks for what it holds; 0 when it holds nothing. */
  variablesReference: number;
  /** An expression that means it, for a variable that has a name. */
  evaluateName?: string;
}

/** The answer to an expression. */
export type Evaluated =
  | { ok: true; result: string; variablesReference: number }
  | { ok: false; message: string };

/** A value as MIME bundle; nothing when it can not be shown without waiting. */
export interface Rich {
  data: Record<string, unknown>;
  metadata: Record<string, unknown>;
}

export interface Debuggee {
  /** The variables of the notebook. */
  session(): Variable[];
  /** A reference to the variables of scopes, the innermost first: V8 makes objects of them. */
  hold(scopes: readonly object[]): number;
  variables(reference: number): Variable[];
  /** Runs an expression with the notebook's variables in its reach. */
  evaluate(run: () => unknown): Evaluated;
  /** A breakpoint's condition, likewise; one that throws does not hold. */
  holds(run: () => unknown): boolean;
  rich(run: () => unknown): Rich | undefined;
  /** Has the thread stand still at the user's code: now if that is on the stack, else at its next await. */
  pause(): void;
  /** The references are not asked for any more, nor is the pause. */
  forget(): void;
}
