import { Worker } from 'node:worker_threads';

/**
 * Node's helper for `breakOnSigint` is what hears a signal while the main thread is busy. Left for a moment, it would
 * give the signal its first meaning back, the end of the process: so the wait is in another script that never ends.
 */
const LISTENER = `
  const { runInThisContext } = require('node:vm');
  const { parentPort } = require('node:worker_threads');
  const wait = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)';
  globalThis.listen = () => {
    for (;;) {
      try { runInThisContext(wait, { breakOnSigint: true }); } catch { parentPort.postMessage('SIGINT'); }
    }
  };
  runInThisContext('listen()', { breakOnSigint: true });`;

/**
 * Hears SIGINT in a thread of its own, whatever the main thread does, from the call on to the end of the process. Costs
 * about 10 MB: to be called when a cell has run for a second. Until then `process.on('SIGINT')` of the main thread is
 * enough, afterwards that is called no more.
 */
export function hearSigint(onSigint: () => void): Worker {
  const resourceLimits = { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1, stackSizeMb: 1 };
  const worker = new Worker(LISTENER, { eval: true, execArgv: [], resourceLimits });
  worker.on('message', onSigint);
  // Whoever could not start another thread is still interrupted by messages.
  worker.on('error', () => undefined);
  worker.unref();
  return worker;
}
