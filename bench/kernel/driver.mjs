import { inRoot, venvBin } from '../../scripts/setup/paths.mjs';
import { pythonProgram } from '../peers.mjs';

/** @typedef {import('./contenders.mjs').Name} Name */
/** @typedef {import('./contenders.mjs').Command} Command */
/** @typedef {{ work: string, session?: string, [option: string]: unknown }} Task */

/** Kernels and their sockets live in one Python process: all are asked in the same way. */
export function startDriver() {
  const { ask, close } = pythonProgram('kernel_work.py', [], venvBin('python'));
  return {
    /** @param {Command} command @param {Task} task @returns {Promise<any>} seconds, megabytes; throws why it failed */
    async ask(command, task) {
      const { value, failed } = await ask(JSON.stringify({ ...command, cwd: inRoot('notebooks'), ...task }));
      if (failed !== undefined) throw new Error(failed);
      return value;
    },
    close,
  };
}

/** @typedef {ReturnType<typeof startDriver>} Driver */

/**
 * @param {import('./rows.mjs').Row} row @param {Name} name @param {Command} command @param {Driver} driver
 * @returns {import('../timing.mjs').Contender & { close: () => Promise<unknown> }}
 */
export function contender(row, name, command, driver) {
  const code = row.cells[name];
  const session = `${row.title}: ${name}`;
  const task = { ...row.options, work: row.work, session, code, before: row.before?.[name] };
  const target = row.targets?.[name];
  return {
    name,
    ...(target !== undefined && { target }),
    run: () => driver.ask(command, task),
    close: () => driver.ask(command, { work: 'close', session }),
  };
}
