import { type Executor, executor, type PoolBinding } from './executor';
import type { Answer, Asset, Task } from './message';
import { type Child, startChild } from './process';

/** A process of a pool, the parent too, and what it has been given. */
export interface Worker {
  readonly pid: number;
  /** Rejects with ChildEnded when the process is gone. */
  run(needed: readonly Asset[], run: NonNullable<Task['run']>): Promise<Answer>;
  /** Lets an asset go, with the next task. */
  drop(id: number): void;
  end(): Promise<void>;
}

/** An idle child is kept this long (milliseconds): the next plane or step often follows at once. */
const KEPT_MS = 30_000;

/** A child that runs; `ended` is called when it is gone, or goes because it has long been idle. */
export async function childWorker(addon: string, ended: () => void): Promise<Worker> {
  const child: Child = await startChild(addon, ended);
  let busy = 0;
  const rest = (): NodeJS.Timeout =>
    setTimeout(() => {
      ended();
      void child.end();
    }, KEPT_MS).unref();
  let idle = rest();
  const run = async (task: Task): Promise<Answer> => {
    busy++;
    clearTimeout(idle);
    try {
      return await child.run(task);
    } finally {
      if (--busy === 0) idle = rest();
    }
  };
  const end = (): Promise<void> => {
    clearTimeout(idle);
    return child.end();
  };
  return workerOf(child.pid, run, end);
}

/** This process. */
export function parentWorker(binding: PoolBinding): Worker {
  const own: Executor = executor(binding);
  const worker = workerOf(
    process.pid,
    async (task) => own.run(task),
    async () => own.dispose(),
  );
  const drop = (id: number): void => {
    worker.drop(id);
    // At once, not with the next task.
    own.run({ assets: [], drop: [id] });
  };
  return { ...worker, drop };
}

/** Sends each asset with the first task that needs it. */
export function workerOf(
  pid: number,
  run: (task: Task) => Promise<Answer>,
  end: () => Promise<void>,
): Worker {
  const given = new Set<number>();
  let dropped: number[] = [];
  return {
    pid,
    run: (needed, what) => {
      const assets = needed.filter(({ id }) => !given.has(id));
      for (const { id } of assets) given.add(id);
      const task: Task = { assets, drop: dropped, run: what };
      dropped = [];
      return run(task);
    },
    drop: (id) => {
      if (given.delete(id)) dropped.push(id);
    },
    end,
  };
}
