import { ready, tf } from '../../src/engine';
import { lossFrom } from '../../src/losses';
import { minimize, sam } from '../../src/optim';
import { lossSlice2D } from '../../src/slices';
import { drawing, numbers, type Program, programs } from './loss-programs';

// Run in a process of its own, with LOSSLAB_BACKEND set: prints what every loss gives there.

export type Results = Record<string, number[]>;

async function derivatives({ loss }: Program): Promise<Results> {
  const theta = loss.params({ seed: 1 });
  const [u, v] = [numbers(loss.dim, 0.9), numbers(loss.dim, 1.1)];
  const batch = [3, 1, 4, 1, 5];
  const { value, gradient } = await loss.gradient(theta);
  const some = await loss.gradient(theta, batch);
  const products = await loss.hvps(theta, [u, v]);
  return {
    value: [await loss.value(theta), await loss.value(theta, batch), value, some.value],
    gradient: Array.from(gradient),
    'gradient of a batch': Array.from(some.gradient),
    hvp: Array.from(await loss.hvp(theta, u, batch)),
    hvps: products.flatMap((product) => Array.from(product)),
  };
}

async function points({ loss }: Program): Promise<Results> {
  const theta = loss.params({ seed: 1 });
  const direction = numbers(loss.dim, 0.9);
  const at = [-0.5, 0, 0.25, 1];
  const shifted = at.map((c) => theta.map((w, i) => w + c * (direction[i] as number)));
  const along = { at: theta, directions: [direction], coefficients: at.map((c) => [c]) };
  const all = { ...(await loss.evaluate(theta)), ...(await loss.evaluate(theta, [0, 5])) };
  return {
    values: Array.from(await loss.values(shifted)),
    'values along': Array.from(await loss.values(along)),
    evaluate: Object.values(all),
    evaluateMany: Object.values(await loss.evaluateMany(along)).flatMap((list) => Array.from(list)),
  };
}

async function training({ loss }: Pick<Program, 'loss'>): Promise<Results> {
  const theta = loss.params({ seed: 1 });
  const results: Results = {};
  const optimizers = { sgd: tf.train.sgd(0.05), sam: sam(tf.train.sgd(0.05), { rho: 0.02 }) };
  for (const [name, optimizer] of Object.entries(optimizers)) {
    const run = await minimize(loss, theta, optimizer, { steps: 32, batchSize: 10, seed: 4 });
    results[`${name}: history`] = run.history.loss;
    results[`${name}: theta`] = Array.from(run.theta);
    results[`${name}: state`] = Array.from(run.state ?? []);
    results[`${name}: finalLoss`] = [run.finalLoss];
  }
  return results;
}

async function everything(): Promise<Record<string, Results>> {
  await ready();
  const all: Record<string, Results> = {};
  for (const [name, make] of Object.entries(programs)) {
    const program = make();
    all[name] = {
      ...(await derivatives(program)),
      ...(await points(program)),
      ...(await training(program)),
    };
  }
  const { loss } = (programs.mlp as () => Program)();
  const plane = await lossSlice2D(loss, loss.params({ seed: 1 }), { points: 5, seed: 2 });
  all.plane = {
    values: Array.from(plane.values),
    accuracy: Array.from(plane.metrics.accuracy as Float64Array),
  };
  all.drawing = await training({ loss: drawing() });
  return all;
}

/** What each way of asking says of an operation that WebAssembly has no kernel for. */
async function refusals(): Promise<string[]> {
  const loss = lossFrom(({ w }) => tf.sum(tf.real(tf.complex(w, w))), { w: [2] });
  const theta = Float32Array.of(1, 2);
  const optimizer = tf.train.sgd(0.1);
  const ways: (() => Promise<unknown>)[] = [
    () => loss.value(theta),
    () => loss.gradient(theta),
    () => loss.hvp(theta, theta),
    () => loss.values({ at: theta, directions: [theta], coefficients: [[1]] }),
    () => minimize(loss, theta, optimizer, { steps: 2 }),
  ];
  const before = tf.memory().numTensors;
  const said: string[] = [];
  for (const way of ways) said.push(await way().then(String, (error: Error) => error.message));
  return [...said, `${tf.memory().numTensors - before} tensors left behind`];
}

void everything().then(async (results) => {
  process.stdout.write(JSON.stringify({ backend: tf.getBackend(), results, refusals: await refusals() }));
});
