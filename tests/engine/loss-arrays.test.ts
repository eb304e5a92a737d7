import { describe, expect, it } from 'vitest';
import { tf } from '../../src/engine';
import { lossOf } from '../../src/losses';
import { numbers, type Program, programs } from './loss-programs';

const made = (name: string): Program => (programs[name] as () => Program)();

describe('the arrays of a call', () => {
  it('may be changed while its promise is pending: theta, v, the batch, directions, coefficients', async () => {
    const { loss } = made('mlp');
    const fresh = () => ({ theta: loss.params({ seed: 1 }), v: numbers(loss.dim), batch: [1, 2, 3] });
    type Given = ReturnType<typeof fresh>;
    const calls: Record<string, (given: Given) => Promise<unknown>> = {
      value: ({ theta, batch }) => loss.value(theta, batch),
      gradient: ({ theta, batch }) => loss.gradient(theta, batch),
      evaluate: ({ theta, batch }) => loss.evaluate(theta, batch),
      hvp: ({ theta, v, batch }) => loss.hvp(theta, v, batch),
      hvps: ({ theta, v, batch }) => loss.hvps(theta, [v, theta], batch),
      values: ({ theta, v, batch }) =>
        loss.values({ at: theta, directions: [v], coefficients: [batch.slice(0, 1)] }, batch),
      center: ({ theta, batch }) => loss.values({ at: theta, directions: [], coefficients: [[]] }, batch),
    };
    for (const [name, call] of Object.entries(calls)) {
      const wanted = await call(fresh());
      const given = fresh();
      const pending = call(given);
      given.theta.fill(9);
      given.v.fill(7);
      given.batch.fill(-1);
      expect(await pending, name).toEqual(wanted);
    }
  });

  it('are not changed by it, and what it returned is not changed by later calls', async () => {
    const { loss } = made('cnn');
    const [theta, v] = [loss.params({ seed: 1 }), numbers(loss.dim)];
    const [first, product] = [await loss.gradient(theta), await loss.hvp(theta, v)];
    const copies = [first.gradient.slice(), product.slice()];
    for (let i = 0; i < 5; i++) {
      await loss.gradient(v);
      await loss.hvp(v, theta);
    }
    expect([first.gradient, product]).toEqual(copies);
    expect([theta, v]).toEqual([loss.params({ seed: 1 }), numbers(loss.dim)]);
  });

  it('the data may be changed after lossOf', async () => {
    const { model } = made('mlp');
    const [x, y] = [numbers(60), numbers(36)];
    const loss = lossOf(model, { x, y, loss: 'meanSquaredError' });
    const theta = loss.params({ seed: 1 });
    const before = await loss.gradient(theta);
    x.fill(0);
    y.fill(0);
    expect(await loss.gradient(theta)).toEqual(before);
  });
});

describe('the same call gives the same bits', () => {
  it.each(Object.keys(programs))('of %s, with batches of other sizes in between', async (name) => {
    const { loss } = made(name);
    const [theta, v] = [loss.params({ seed: 1 }), numbers(loss.dim)];
    const ask = async () => [
      await loss.gradient(theta),
      await loss.hvp(theta, v),
      await loss.evaluate(theta),
    ];
    const first = await ask();
    for (const size of [3, 9, 1, 23]) {
      const batch = Array.from({ length: size }, (_, i) => i);
      await loss.gradient(theta, batch);
      await loss.hvp(theta, v, batch);
    }
    for (let i = 0; i < 3; i++) await ask();
    expect(await ask()).toEqual(first);
  });

  it.each(['mlp', 'cnn', 'lstm'])('of %s, in whichever order batches come', async (name) => {
    const batches = [[3, 1], [5, 6, 7, 8, 9], [0], Array.from({ length: 24 }, (_, i) => i)];
    const ask = async (order: number[]) => {
      const { loss } = made(name);
      const theta = loss.params({ seed: 1 });
      const found: unknown[] = [];
      for (const i of order) found[i] = await loss.gradient(theta, batches[i]);
      return found;
    };
    expect(await ask([3, 2, 1, 0])).toEqual(await ask([0, 1, 2, 3]));
  });

  it('when twenty are asked at once', async () => {
    const { loss } = made('mlpInPieces');
    const thetas = Array.from({ length: 20 }, (_, i) => numbers(loss.dim, 1 + i / 9));
    const ask = (theta: Float32Array, i: number): Promise<unknown> =>
      [
        () => loss.value(theta),
        () => loss.gradient(theta),
        () => loss.hvp(theta, theta, [i, 3]),
        () => loss.evaluate(theta),
        () => loss.values([theta, theta]),
      ][i % 5]?.() as Promise<unknown>;
    const together = await Promise.all(thetas.map(ask));
    for (const [i, theta] of thetas.entries()) expect(await ask(theta, i)).toEqual(together[i]);
  });
});

describe('losses of one model', () => {
  it('do not know of each other', async () => {
    const { model, loss } = made('mlp');
    const theta = loss.params({ seed: 1 });
    const before = await loss.gradient(theta);
    const other = lossOf(model, { x: numbers(35), y: numbers(21), loss: 'meanAbsoluteError' });
    await other.gradient(theta);
    await other.hvp(theta, theta);
    other.assign(numbers(loss.dim));
    expect(await loss.gradient(theta)).toEqual(before);
    expect(loss.params()).toEqual(numbers(loss.dim));
  });

  it("read the model's averages live: what model.fit moved between two calls counts", async () => {
    const { model, loss } = made('batchNorm');
    const theta = loss.params({ seed: 1 });
    const asked = async () => [
      await loss.value(theta),
      (await loss.gradient(theta)).value,
      (await loss.values([theta]))[0],
    ];
    const [before] = await asked();
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const [x, y] = [tf.tensor2d(numbers(60), [12, 5]), tf.tensor2d(numbers(36), [12, 3])];
    await model.fit(x, y, { epochs: 3, verbose: 0 });
    // A loss built now has never seen the averages as they were.
    const fresh = (await freshLike(model, theta)) as number;
    expect(fresh).not.toBeCloseTo(before as number, 4);
    for (const value of await asked()) expect(value).toBeCloseTo(fresh, 6);
  });
});

async function freshLike(model: tf.LayersModel, theta: Float32Array): Promise<number> {
  const y = Int32Array.from({ length: 24 }, (_, i) => (i * 7 + 3) % 3);
  return lossOf(model, { x: numbers(120), y, loss: 'softmaxCrossEntropy' }).value(theta);
}
