/** What code that was terminated leaves half done: no `finally` has run, neither the user's, nor Node's, nor a library's. */
import { leaveEngine } from './engine';

let wasStruck = false;
let settle = (): void => undefined;

/** Notes that code is being terminated. */
export function struck(): void {
  wasStruck = true;
}

/** @param call What is to be done at each answer to an interrupt. */
export function onAnswer(call: () => void): void {
  settle = call;
}

/** To be called from the event loop, where nothing of the user's is on the stack. */
export function putInOrder(): void {
  settle();
  if (!wasStruck) return;
  wasStruck = false;
  forgetHalfLoaded();
  tellLibraries();
  leaveEngine();
}

/** CommonJS modules that were terminated while they loaded: a second `require` shall not find what there is of them. */
function forgetHalfLoaded(): void {
  for (const [file, module] of Object.entries(require.cache))
    if (module?.loaded === false) delete require.cache[file];
}

/** Where libraries leave what is to be called after code was terminated. */
const TERMINATED = Symbol.for('jupyter.terminated');

function tellLibraries(): void {
  const told = (globalThis as { [TERMINATED]?: unknown })[TERMINATED];
  for (const recover of Array.isArray(told) ? told : [])
    try {
      recover();
    } catch {
      // The others are told all the same.
    }
}
