import { syncBuiltinESMExports } from 'node:module';
import threads, { type WorkerOptions } from 'node:worker_threads';
import { ownContext } from './contexts';
import { isCalledByCell } from './stack';

/**
 * Gives the worker threads that a cell starts to its context: an interrupt ends them. Those of libraries, which may keep
 * them for later cells, are left alone. To be called once, before any code of the user.
 */
export function ownWorkers(): void {
  class Worker extends threads.Worker {
    constructor(file: string | URL, options?: WorkerOptions) {
      super(file, options);
      if (isCalledByCell()) own(this);
    }
  }
  Object.assign(threads, { Worker });
  syncBuiltinESMExports();
}

/**
 * What a worker has sent until then is handed over all the same, and if that is much nobody else gets a turn: only a
 * port that is closed stops in the middle. No public way leads to a worker's.
 */
function closePort(worker: threads.Worker): void {
  const key = Object.getOwnPropertySymbols(worker).find(({ description }) => description === 'kPublicPort');
  (worker as unknown as Record<symbol, threads.MessagePort>)[key as symbol]?.close();
}

function own(worker: threads.Worker): void {
  const context = ownContext();
  if (context === undefined) return;
  const waiter = context.waiters.add(() => {
    void worker.terminate();
    closePort(worker);
  });
  worker.once('exit', () => context.waiters.remove(waiter));
}
