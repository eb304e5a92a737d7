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

function own(worker: threads.Worker): void {
  const context = ownContext();
  if (context === undefined) return;
  const waiter = context.waiters.add(() => void worker.terminate());
  worker.once('exit', () => context.waiters.remove(waiter));
}
