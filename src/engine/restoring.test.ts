import vm from 'node:vm';
import { describe, expect, it } from 'vitest';
import { tf } from './backend';
import { withDraws } from './draws';
import { compile, restoring, withWeights } from './index';

/** Runs code that never comes back, terminates it, and says so as a notebook's kernel does. */
function terminated(run: (forever: () => never) => unknown): void {
  const forever = vm.runInThisContext('() => { for (;;); }') as () => never;
  const shared = globalThis as unknown as Record<symbol, unknown>;
  const name = Symbol('run');
  shared[name] = () => run(forever);
  const call = `globalThis[Object.getOwnPropertySymbols(globalThis).find(({ description }) => description === 'run')]()`;
  expect(() => vm.runInThisContext(call, { timeout: 200 })).toThrow(/timed out/);
  delete shared[name];
  for (const recover of shared[Symbol.for('jupyter.terminated')] as (() => void)[]) recover();
  const { state } = tf.engine();
  while (state.scopeStack.length > 0) tf.engine().endScope();
}

describe('code that is terminated', () => {
  it('gives back what it has changed, the last first', () => {
    const told: string[] = [];
    terminated((forever) =>
      restoring(
        () => restoring(forever, () => told.push('inner')),
        () => told.push('outer'),
      ),
    );
    expect(told).toEqual(['inner', 'outer']);
    terminated((forever) => forever());
    expect(told).toHaveLength(2);
  });

  it('gives back what follows too, where one can not be given back', () => {
    const told: string[] = [];
    terminated((forever) =>
      restoring(
        () =>
          restoring(forever, () => {
            throw new Error('gone');
          }),
        () => told.push('outer'),
      ),
    );
    expect(told).toEqual(['outer']);
  });

  it('leaves random draws as they were', () => {
    const { random } = Math;
    terminated((forever) => withDraws(1, forever));
    expect(Math.random).toBe(random);
    expect(tf.randomUniform([50]).dataSync()).not.toEqual(tf.randomUniform([50]).dataSync());
  });

  it('leaves a model its own weights', () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2], useBias: false })] });
    model.setWeights([tf.tensor2d([[1], [2]])]);
    terminated((forever) => withWeights(model, [tf.tensor2d([[5], [6]])], forever));
    expect((model.predict(tf.tensor2d([[1, 1]])) as tf.Tensor).dataSync()[0]).toBe(3);
  });

  it('in the middle of a trace leaves TensorFlow.js and the variables as they were', () => {
    const { Float32Array: before } = globalThis;
    const variable = tf.variable(tf.scalar(2));
    terminated((forever) => {
      const traced = compile(
        (x: tf.Tensor) => {
          variable.assign(tf.scalar(7));
          forever();
          return x.square();
        },
        undefined,
        { after: 0 },
      );
      return traced(tf.scalar(3));
    });
    expect(globalThis.Float32Array).toBe(before);
    expect(variable.dataSync()[0]).toBe(2);
    expect(
      tf
        .grad((x) => x.square())(tf.scalar(3))
        .dataSync()[0],
    ).toBe(6);
    const other = compile((x: tf.Tensor) => x.mul(2), undefined, { after: 0 });
    expect((other(tf.scalar(4)) as tf.Tensor).dataSync()[0]).toBe(8);
  });
});
