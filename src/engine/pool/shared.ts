import { openPool, type Pool } from './pool';
import { wantedProcesses } from './wanted';

let pool: Pool | undefined;

/** The pool of the library's own work: one process a core, or as many as LOSSLAB_PROCESSES says. */
export function sharedPool(): Pool {
  pool ??= openPool({ processes: wantedProcesses() });
  return pool;
}
