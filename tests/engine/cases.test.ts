import { afterAll, describe, expect, it } from 'vitest';
import { withDraws } from '../../src/engine';
import { allCases, BATCHES, type Built, type Case, type Tensor } from './cases';
import { ACTIVATIONS } from './cases/activations';
import { losslab } from './library';

const { tf } = losslab;
const cases = allCases(losslab);
const byKind = (kind: Case['kind']) => cases.filter((one) => one.kind === kind);

describe('the cases', () => {
  const before = tf.memory().numTensors;
  afterAll(() => expect(tf.memory().numTensors).toBe(before));

  it('have names of their own', () => {
    const names = cases.map(({ kind, name }) => `${kind}: ${name}`);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });

  it.each(BATCHES)('give finite values with %i rows, and the same when built again', (rows) => {
    const odd = cases.filter((one) => {
      const [first, second] = [scoreOf(one, rows), scoreOf(one, rows)];
      return !Number.isFinite(first) || first !== second;
    });
    expect(odd.map(({ name }) => name)).toEqual([]);
  });

  it('name every activation and every loss that model.compile knows', () => {
    expect(byKind('activation').map(({ name }) => name)).toEqual(ACTIVATIONS);
    expect(byKind('loss').filter(({ name }) => !name.startsWith('tf.'))).toHaveLength(14);
  });

  it('name every layer, but for other names, cells, and what has no derivative', () => {
    const apart = new Set([
      ...['Layer', 'RNN', 'RNNCell', 'input', 'inputLayer'],
      // Other names of average and maximum pooling.
      ...['avgPool1d', 'avgPool2d', 'avgPool3d', 'avgPooling1d', 'avgPooling2d', 'avgPooling3d'],
      ...['maxPool1d', 'maxPool2d', 'globalMaxPool1d', 'globalMaxPool2d'],
      // In "rnn of ..." and convLstm2d.
      ...['simpleRNNCell', 'lstmCell', 'gruCell', 'stackedRNNCells', 'convLstm2dCell'],
      // Takes integers and has no weights; has a width that is drawn; throws in any model, forward already.
      ...['categoryEncoding', 'randomWidth', 'resizing'],
    ]);
    const named = new Set(byKind('layer').map(({ name }) => name.split(/[ ,]/)[0]?.toLowerCase()));
    const missing = Object.keys(tf.layers).filter((name) => !named.has(name.toLowerCase()));
    expect(missing.filter((name) => !apart.has(name))).toEqual([]);
  });

  it('move their value when any of their tensors moves, but for those whose gradient is zero', () => {
    // What a piecewise constant op divides by; a bias in front of batch normalisation.
    const flat = /times|batch-norm CNN, training/;
    const still = cases.filter((one) => !flat.test(one.name) && !everyTensorMatters(one));
    expect(still.map(({ name }) => name)).toEqual([]);
  });
});

function withBuilt<T>(one: Case, rows: number, use: (built: Built) => T): T {
  const built = one.build(rows);
  try {
    return use(built);
  } finally {
    built.dispose();
  }
}

function scoreOf(one: Case, rows: number): number {
  return withBuilt(one, rows, ({ at, run }) => drawn(() => run(at)));
}

/** With the same random numbers each time. */
function drawn(run: () => Tensor): number {
  return tf.tidy(() => withDraws(7, run).dataSync()[0] as number);
}

function everyTensorMatters(one: Case): boolean {
  return withBuilt(one, 7, ({ at, run }) => {
    const value = (point: typeof at) => drawn(() => run(point));
    return at.every((_, i) => {
      const moved = at.map((tensor, k) => (k === i ? tf.tidy(() => bent(tensor)) : tensor));
      const matters = value(moved) !== value(at);
      tf.dispose(moved[i] as (typeof at)[0]);
      return matters;
    });
  });
}

/** Not by a constant, nor by a factor: softmax would not notice the one, layer normalisation not the other. */
function bent(tensor: Tensor): Tensor {
  return tf.add(tensor, tf.mul(tf.square(tensor), 0.1));
}
