import { createRequire } from 'node:module';
import { type Executor, executor, type PoolBinding } from './executor';
import type { Answer, Task } from './message';

// What a child process runs. It loads the addon alone, without TensorFlow.js: half the time to start.

let own: Executor | undefined;

/** Does one task; the first names the addon. */
export function run({ addon, task }: { addon: string; task: Task }): Answer {
  own ??= executor(createRequire(__filename)(addon) as PoolBinding);
  return own.run(task);
}

// Ctrl-C and a notebook's interrupt reach every process of a terminal or kernel: the parent decides. When the parent
// ends, however it does, the channel to it closes, and nothing else keeps this process.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit());
