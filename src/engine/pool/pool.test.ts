import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { constant, graphOf, opOf, placeholder } from '../../../tests/fixtures/graphs';
import { ready, tf } from '../backend';
import { DType } from '../graph/graph';
import { serialize } from '../graph/savedModel';
import type { Task } from './message';
import { type Kept, openPool, type Pool, type PoolProgram, poolInfos } from './pool';
import { workerOf } from './workers';

const [ROWS, SIDE] = [300, 40];
/** Work that repays any number of children. */
const MUCH = 1e15;

const open: Pool[] = [];
function poolOf(processes: number): Pool {
  const pool = openPool({ processes });
  open.push(pool);
  return pool;
}

beforeAll(() => ready());
afterEach(async () => {
  for (const pool of open.splice(0)) await pool.close();
});

const numbers = (length: number, step: number) => Float32Array.from({ length }, (_, i) => Math.sin(i * step));

/** Σ tanh(x W), and tanh(x W): W [SIDE, SIDE], x [n, SIDE]; as work that is worth being sent. */
function denseProgram(work = MUCH): PoolProgram {
  const [w, x] = [placeholder([SIDE, SIDE]), placeholder([-1, SIDE])];
  const axes = constant(Int32Array.of(0, 1), [2], DType.int32);
  const product = opOf('MatMul', [x, w], { shape: [-1, SIDE] });
  const tanh = opOf('Tanh', [product]);
  const sum = opOf('Sum', [tanh, axes], { shape: [] });
  const graph = graphOf([w, x], [w, x, product, axes, tanh, sum], sum, tanh);
  return { graph: serialize(graph, { callerThread: true }), work };
}

const rows = { values: numbers(ROWS * SIDE, 12.9898), shape: [ROWS, SIDE] };
const weights = (i: number) => ({ values: numbers(SIDE * SIDE, 0.3 + i / 1000), shape: [SIDE, SIDE] });

async function sums(pool: Pool, count: number): Promise<number[]> {
  const [shipped, x] = [pool.load(denseProgram()), pool.keep(rows)];
  const results = await shipped.map(count, (i) => [weights(i), x]);
  return results.map(([sum]) => sum![0]!);
}

/** Runs little pieces of work until the pool has its children. */
async function withChildren(pool: Pool): Promise<number[]> {
  while (pool.children().length < pool.processes - 1) await sums(pool, 50);
  return pool.children();
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

async function untilGone(pids: number[]): Promise<void> {
  while (pids.some(isAlive)) await sleep(20);
}

describe('a pool of processes', () => {
  it('gives the same bits for 1, 2 and 3 processes, in order', async () => {
    const results: number[][] = [];
    for (const processes of [1, 2, 3]) {
      const pool = poolOf(processes);
      expect(await withChildren(pool)).toHaveLength(processes - 1);
      results.push(await sums(pool, 200));
    }
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
    const x = tf.tensor2d(rows.values, [ROWS, SIDE]);
    const eager = tf.tidy(() =>
      [0, 77, 199].map(
        (i) =>
          tf
            .tanh(tf.matMul(x, tf.tensor(weights(i).values, [SIDE, SIDE])))
            .sum()
            .dataSync()[0]!,
      ),
    );
    [0, 77, 199].forEach((i, k) => {
      expect(results[0]![i]).toBeCloseTo(eager[k]!, 3);
    });
    x.dispose();
  });

  it('lets every process take part', async () => {
    const pool = poolOf(2);
    const [child] = await withChildren(pool);
    const before = cpuOf(child!);
    await sums(pool, 2000);
    expect(cpuOf(child!)).toBeGreaterThan(before);
  });

  it('starts no child for work that would not repay it, nor with one process', async () => {
    const small = poolOf(3);
    const shipped = small.load(denseProgram(1e6));
    await shipped.map(100, (i) => [weights(i), rows]);
    const alone = poolOf(1);
    await sums(alone, 10);
    await sleep(50);
    expect([small.children(), alone.children()]).toEqual([[], []]);
  });

  it('sends what it keeps once to a process, and again only after it was let go', async () => {
    const tasks: Task[] = [];
    const worker = workerOf(
      1,
      async (task) => {
        tasks.push(task);
        return { results: [] };
      },
      async () => undefined,
    );
    const [a, b] = [1, 2].map((id) => ({ id, feed: { values: Float32Array.of(id), shape: [] } }));
    const run = { graph: 1, feeds: [] };
    await worker.run([a!], run);
    await worker.run([a!, b!], run);
    worker.drop(1);
    worker.drop(7);
    await worker.run([a!, b!], run);
    expect(tasks.map(({ assets, drop }) => [assets.map(({ id }) => id), drop])).toEqual([
      [[1], []],
      [[2], []],
      [[1], [1]],
    ]);
  });

  it('keeps a copy: the array may change afterwards', async () => {
    const pool = poolOf(2);
    const values = Float32Array.from(rows.values);
    const [shipped, x] = [pool.load(denseProgram()), pool.keep({ values, shape: [ROWS, SIDE] })];
    values.fill(0);
    const [[sum]] = (await shipped.map(1, () => [weights(0), x])) as [[Float32Array]];
    expect(sum[0]).toBe((await sums(pool, 1))[0]);
    expect(sum[0]).not.toBe(0);
  });

  it('takes doubles and whole numbers, and gives doubles as words', async () => {
    const [words, many] = [placeholder([3, 2], DType.int32), placeholder([], DType.int32)];
    const x = opOf('Bitcast', [words], {
      shape: [3],
      dtype: DType.double,
      attrs: { type: { kind: 'type', value: DType.double } },
    });
    const count = opOf('Cast', [many], {
      dtype: DType.double,
      attrs: { DstT: { kind: 'type', value: DType.double } },
    });
    const product = opOf('Mul', [x, count]);
    const out = opOf('Bitcast', [product], {
      shape: [3, 2],
      dtype: DType.int32,
      attrs: { type: { kind: 'type', value: DType.int32 } },
    });
    const graph = serialize(graphOf([words, many], [words, many, x, count, product, out], out), {
      callerThread: true,
    });
    const pool = poolOf(2);
    await withChildren(pool);
    const third = { values: Float64Array.of(1 / 3, Math.PI, -1e-300), shape: [3] };
    const shipped = pool.load({ graph, work: MUCH, captures: [{ values: Int32Array.of(7), shape: [] }] });
    const results = await shipped.map(20, () => [third]);
    const wanted = Array.from(third.values, (x) => x * 7);
    for (const [result] of results)
      expect(Array.from(new Float64Array(result!.buffer, result!.byteOffset, 3))).toEqual(wanted);
  });
});

describe('a pool goes on', () => {
  it('when a child is killed at work: its runs are done elsewhere, and the next job has a new child', async () => {
    const pool = poolOf(2);
    const wanted = await sums(pool, 300);
    const [first] = await withChildren(pool);
    const [shipped, x] = [pool.load(denseProgram()), pool.keep(rows)];
    const onResults = (index: number): void => {
      if (index === 20) process.kill(first!, 'SIGKILL');
    };
    const results = await shipped.map(300, (i) => [weights(i), x], { onResults });
    expect(results.map(([sum]) => sum![0])).toEqual(wanted);
    await untilGone([first!]);
    const [second] = await withChildren(pool);
    expect(second).not.toBe(first);
    expect(await sums(pool, 300)).toEqual(wanted);
  });

  it('when a child is killed while it starts or waits', async () => {
    const pool = poolOf(2);
    const wanted = await sums(pool, 3);
    const [idle] = await withChildren(pool);
    process.kill(idle!, 'SIGKILL');
    await untilGone([idle!]);
    await sleep(20);
    expect(pool.children()).toEqual([]);
    expect(await sums(pool, 3)).toEqual(wanted);
  });

  it('when a child crashes: the job ends with an error that says so', async () => {
    const pool = poolOf(2);
    const [child] = await withChildren(pool);
    const [shipped, x] = [pool.load(denseProgram()), pool.keep(rows)];
    const onResults = (index: number): void => {
      if (index === 5) process.kill(child!, 'SIGSEGV');
    };
    await expect(shipped.map(5000, (i) => [weights(i), x], { onResults })).rejects.toThrow(
      /child process ended \(SIGSEGV\)/,
    );
    expect(await sums(pool, 2)).toHaveLength(2);
  });

  it.each([1, 2])('when a run fails: with TensorFlow’s reason (%i processes)', async (processes) => {
    const pool = poolOf(processes);
    await withChildren(pool);
    const [shipped, x] = [pool.load(denseProgram()), pool.keep(rows)];
    const wrong = { values: new Float32Array(6), shape: [2, 3] };
    await expect(shipped.map(10, () => [wrong, x])).rejects.toThrow(/could not run: MatMul/);
    expect(await sums(pool, 2)).toHaveLength(2);
  });

  it('when a job is aborted: with the reason, and no run begins after it', async () => {
    const pool = poolOf(2);
    await withChildren(pool);
    const [shipped, x] = [pool.load(denseProgram()), pool.keep(rows)];
    const controller = new AbortController();
    let asked = 0;
    const job = shipped.map(
      10_000,
      (i) => {
        asked++;
        return [weights(i), x];
      },
      { signal: controller.signal, onResults: (i) => i === 10 && controller.abort(new Error('enough')) },
    );
    await expect(job).rejects.toThrow('enough');
    const then = asked;
    expect(then).toBeLessThan(100);
    await sums(pool, 2);
    expect(asked).toBe(then);
    await expect(shipped.map(1, () => [], { signal: controller.signal })).rejects.toThrow('enough');
  });
});

describe('a pool frees', () => {
  it('its children when it is closed', async () => {
    const pool = poolOf(3);
    const children = await withChildren(pool);
    const before = poolInfos().length;
    await pool.close();
    await untilGone(children);
    expect(poolInfos()).toHaveLength(before - 1);
    expect(pool.children()).toEqual([]);
  });

  it('tensors and graphs that are let go, and the rest when it is closed', async () => {
    const binding = (
      tf.findBackend('tensorflow') as unknown as { binding: { getNumOfSavedModels(): number } }
    ).binding;
    const before = binding.getNumOfSavedModels();
    const pool = poolOf(1);
    const [shipped, other] = [pool.load(denseProgram()), pool.load(denseProgram())];
    const x: Kept = pool.keep(rows);
    await shipped.map(1, () => [weights(0), x]);
    await other.map(1, () => [weights(0), x]);
    expect(binding.getNumOfSavedModels()).toBe(before + 2);
    shipped.dispose();
    x.dispose();
    expect(binding.getNumOfSavedModels()).toBe(before + 1);
    await pool.close();
    expect(binding.getNumOfSavedModels()).toBe(before);
  });
});

describe('a pool refuses', () => {
  it.each([0, -1, 1.5, Number.NaN, '2' as never])('%s processes', (processes) => {
    expect(() => openPool({ processes })).toThrow(/processes must be a whole number >= 1, got/);
  });

  it('numbers that do not fill their shape', () => {
    expect(() => poolOf(1).keep({ values: new Float32Array(5), shape: [2, 3] })).toThrow(
      'must be 6 numbers, got 5',
    );
  });

  it('a feed that is neither numbers nor kept', async () => {
    const shipped = poolOf(1).load(denseProgram());
    await expect(shipped.map(1, () => [{} as never])).rejects.toThrow(/a feed must be/);
  });
});

/** Processor time of a process, in clock ticks. */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return Number(fields[11]) + Number(fields[12]);
}
