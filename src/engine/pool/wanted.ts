import os from 'node:os';

/** LOSSLAB_PROCESSES, else one a core. */
export function wantedProcesses(): number {
  const asked = process.env.LOSSLAB_PROCESSES;
  if (asked === undefined || asked === '') return os.availableParallelism();
  const count = Number(asked);
  if (Number.isInteger(count) && count >= 1) return count;
  throw new RangeError(`LOSSLAB_PROCESSES must be a whole number >= 1, got ${asked}`);
}
