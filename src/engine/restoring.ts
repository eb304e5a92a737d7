/**
 * Code that is terminated (a notebook kernel's interrupt, the timeout of `node:vm`) runs no `finally`. What all code
 * shares must be put back all the same: TensorFlow.js under our hooks, `Math.random`, a model's weights.
 */

/** What whoever terminates code calls afterwards, when nothing is on the stack. */
const TERMINATED = Symbol.for('jupyter.terminated');

/** What is changed now, outermost first. All of it is synchronous: one inside of the other. */
const open: (() => void)[] = [];
const resets: (() => void)[] = [];

/**
 * Runs `run`, then `restore`, as `try` and `finally` do, and also when `run` is terminated.
 * @param run makes the change, too.
 * @param restore must bear to be called twice, and before anything was changed.
 */
export function restoring<T>(run: () => T, restore: () => void): T {
  open.push(restore);
  try {
    return run();
  } finally {
    try {
      restore();
    } finally {
      open.splice(open.lastIndexOf(restore));
    }
  }
}

/** For notes of what is running now: `reset` forgets them. */
export function onTermination(reset: () => void): void {
  resets.push(reset);
}

function recover(): void {
  for (const restore of open.splice(0).reverse()) attempt(restore);
  for (const reset of resets) attempt(reset);
}

/** One that fails, as its tensors are gone, must not keep the others from it. */
function attempt(restore: () => void): void {
  try {
    restore();
  } catch {}
}

const shared = globalThis as { [TERMINATED]?: (() => void)[] };
shared[TERMINATED] ??= [];
shared[TERMINATED].push(recover);
