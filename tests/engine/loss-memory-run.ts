import { setTimeout as sleep } from 'node:timers/promises';
import { engineInfo, tf } from '../../src/engine';
import type { Loss } from '../../src/loss';
import { lossFrom, lossOf } from '../../src/losses';
import { minimize, sam } from '../../src/optim';
import { numbers, type Program, programs } from './loss-programs';

// Run in a process of its own with --expose-gc: prints what is left behind.

const { layers } = tf;
type Work = (i: number) => Promise<unknown>;

export interface LeftBehind {
  tensors: number;
  /** Megabytes. */
  resident: number;
  /** Loaded. */
  graphs: number;
  /** How many of the calls failed. */
  failed: number;
}

const megabytes = (): number => process.memoryUsage().rss / 2 ** 20;

/** Rest lets the finalizers run that free what was collected. */
async function collected(): Promise<void> {
  for (let i = 0; i < 3; i++) {
    (globalThis as { gc?: () => void }).gc?.();
    await sleep(10);
  }
}

/** What so many calls leave behind, after some to warm up. */
async function leftBy(calls: number, work: Work, warm = calls / 4): Promise<LeftBehind> {
  let failed = 0;
  const run = async (from: number, to: number): Promise<void> => {
    for (let i = from; i < to; i++)
      await work(i).catch(() => {
        failed++;
      });
    await collected();
  };
  await run(0, warm);
  failed = 0;
  const [tensors, graphs, resident] = [tf.memory().numTensors, engineInfo().loadedGraphs, megabytes()];
  await run(warm, warm + calls);
  return {
    tensors: tf.memory().numTensors - tensors,
    graphs: engineInfo().loadedGraphs - graphs,
    resident: megabytes() - resident,
    failed,
  };
}

function mixed(loss: Loss<Float32Array>): Work {
  const theta = loss.params({ seed: 1 });
  const v = numbers(loss.dim);
  const along = { at: theta, directions: [v], coefficients: [[0], [0.5], [1]] };
  const kinds: Work[] = [
    () => loss.value(theta),
    () => loss.gradient(theta),
    (i) => loss.gradient(theta, [i % 24, (i + 5) % 24]),
    () => loss.hvp(theta, v),
    () => loss.hvps(theta, [v, theta]),
    () => loss.values([theta, v, theta]),
    () => loss.values(along),
    () => loss.evaluate(theta),
    () => loss.evaluateMany(along, [1, 2, 3]),
    (i) =>
      loss.value(
        theta,
        Array.from({ length: 1 + (i % 9) }, (_, k) => k),
      ),
  ];
  return (i) => (kinds[i % kinds.length] as Work)(i);
}

/** A function of the user's that throws whenever `fails` says so. */
let failing = false;
function throwing(): Loss<Float32Array> {
  return lossFrom(
    ({ w }, { x }) => {
      const inside = tf.tanh(tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D));
      if (failing) throw new Error('not now');
      return tf.mean(tf.square(inside));
    },
    { w: [3, 2] },
    { data: { x: Array.from({ length: 24 }, (_, i) => numbers(3, i + 1)) } },
  );
}

function failures(loss: Loss<Float32Array>): Work {
  const theta = loss.params({ seed: 1 });
  const bad = theta.map((w, i) => (i === 2 ? Number.NaN : w));
  const disposed = (programs.mlp as () => Program)();
  const point = disposed.loss.params();
  disposed.model.dispose();
  const rate = tf.train.sgd(0.1);
  const kinds: Work[] = [
    () => loss.value(bad),
    () => loss.gradient(theta.slice(1)),
    () => loss.hvp(theta, bad),
    () => loss.hvps(theta, [theta, theta.slice(1)]),
    () => loss.values([theta, bad]),
    () => loss.values({ at: theta, directions: [theta], coefficients: [[0], [1, 2]] }),
    () => loss.gradient(theta, [0, 24]),
    () => loss.hvp(theta, theta, [-1]),
    () => loss.evaluate(theta, []),
    () => disposed.loss.gradient(point),
    () => disposed.loss.value(point),
    () => minimize(loss, bad, rate, { steps: 3 }),
    () => minimize(loss, theta, rate, { steps: 0 }),
    async () => withThrowing((own, w) => own.gradient(w)),
    async () => withThrowing((own, w) => own.hvp(w, w)),
    async () => withThrowing((own, w) => own.value(w)),
    async () => withThrowing((own, w) => minimize(own, w, rate, { steps: 3 })),
    async () => withThrowing((own, w) => minimize(own, w, rate, { steps: 40 })),
  ];
  return (i) => (kinds[i % kinds.length] as Work)(i);
}

/** A first call that works, of a loss of its own, then one in the middle of which the function throws. */
async function withThrowing(work: (loss: Loss<Float32Array>, w: Float32Array) => Promise<unknown>) {
  const loss = throwing();
  const theta = loss.params();
  failing = false;
  await loss.value(theta, [1, 2]);
  failing = true;
  return work(loss, theta).finally(() => {
    failing = false;
  });
}

function trainings(): Work {
  const plain = (programs.mlp as () => Program)().loss;
  const normed = (programs.batchNorm as () => Program)().loss;
  const optimizers = [tf.train.sgd(0.1), sam(tf.train.momentum(0.05, 0.9)), tf.train.adam(0.01)];
  return async (i) => {
    const loss = i % 3 === 0 ? normed : plain;
    const optimizer = optimizers[i % optimizers.length] as tf.Optimizer;
    const controller = new AbortController();
    if (i % 7 === 0) controller.abort();
    const steps = i % 10 === 0 ? 31 : 4;
    await minimize(loss, loss.params({ seed: i }), optimizer, {
      steps,
      batchSize: 10,
      signal: controller.signal,
    });
  };
}

/** Losses that are made, used and forgotten. */
const forgotten: Work = async (i) => {
  const model = tf.sequential({
    layers: [
      layers.dense({ units: 4, inputShape: [3], activation: 'tanh' }),
      layers.batchNormalization(),
      layers.dense({ units: 1 }),
    ],
  });
  const loss = lossOf(model, { x: numbers(30), y: numbers(10), loss: 'meanSquaredError' });
  const theta = loss.params({ seed: i });
  await loss.gradient(theta);
  await loss.hvp(theta, theta);
  await loss.withState(Float32Array.of(0, 0, 0, 0, 1, 1, 1, 1)).value(theta);
  model.dispose();
};

async function main(): Promise<void> {
  const tiny = (programs.mlp as () => Program)().loss;
  const results: Record<string, LeftBehind> = {
    calls: await leftBy(20_000, mixed(tiny)),
    failures: await leftBy(200, failures(tiny)),
    trainings: await leftBy(200, trainings()),
    forgotten: await leftBy(40, forgotten, 60),
  };
  process.stdout.write(JSON.stringify(results));
}

void main();
