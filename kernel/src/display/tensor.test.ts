import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { toDisplay } from './toDisplay';

const plain = (value: unknown) => (toDisplay(value) as { data: Record<string, string> }).data['text/plain'];

describe('a tensor of TensorFlow.js', () => {
  beforeAll(() => tf.setBackend('cpu'));

  it.each<[string, () => tf.Tensor, string]>([
    ['scalar', () => tf.scalar(0.1), 'Tensor float32 []\n0.1'],
    ['vector', () => tf.tensor1d([1, 2.5, Number.NaN]), 'Tensor float32 [3]\n[1, 2.5, NaN]'],
    [
      'matrix',
      () =>
        tf.tensor2d(
          [
            [1, 20],
            [-3, 4],
          ],
          [2, 2],
          'int32',
        ),
      'Tensor int32 [2, 2]\n[[ 1, 20],\n [-3,  4]]',
    ],
    ['cube', () => tf.ones([2, 1, 2]), 'Tensor float32 [2, 1, 2]\n[[[1, 1]],\n [[1, 1]]]'],
    ['bool', () => tf.tensor1d([true, false]), 'Tensor bool [2]\n[true, false]'],
    ['string', () => tf.tensor1d(['a', '"']), 'Tensor string [2]\n["a", "\\""]'],
    ['empty', () => tf.zeros([0, 3]), 'Tensor float32 [0, 3], empty'],
    ['complex', () => tf.complex([1], [2]), 'Tensor complex64 [1]'],
  ])('%s: dtype, shape and values', (_name, make, text) => {
    const tensor = make();
    expect(plain(tensor)).toBe(text);
    tensor.dispose();
  });

  it('says that it is a variable, and its name', () => {
    expect(plain(tf.variable(tf.scalar(2), true, 'bias'))).toBe('Variable "bias" float32 []\n2');
  });

  it('says that it was disposed', () => {
    const tensor = tf.scalar(1);
    tensor.dispose();
    expect(plain(tensor)).toBe('Tensor float32 [], disposed: its values are gone');
  });

  it('shows the corner of a large one, reads no more than that, and leaves no tensor behind', () => {
    const tensor = tf.range(0, 1e6).reshape([1000, 1000]);
    const before = tf.memory().numTensors;
    tensor.dataSync = () => {
      throw new Error('read whole');
    };
    const lines = plain(tensor)!.split('\n');
    expect(lines[0]).toBe('Tensor float32 [1000, 1000]');
    expect(lines[1]).toBe('[[   0,    1,    2,    3,    4,    5,    6,    7, …],');
    expect(lines).toHaveLength(10);
    expect(lines.at(-1)).toBe(' …]');
    expect(tf.memory().numTensors).toBe(before);
  });

  it('shows 20 values of a long vector', () => {
    expect(plain(tf.range(0, 1000))).toMatch(/^Tensor float32 \[1000\]\n\[0, 1, .*, 18, 19, …\]$/);
  });

  it('shows a large image by its corner', () => {
    const text = plain(tf.zeros([32, 224, 224, 3]))!;
    expect(text).toMatch(/^Tensor float32 \[32, 224, 224, 3\]\n\[\[\[\[0, 0, 0\],/);
    expect(text.length).toBeLessThan(2000);
  });

  it('whose values can not be read says why', () => {
    const tensor = tf.scalar(1);
    tensor.dataSync = () => {
      throw new Error('only data() on this backend');
    };
    expect(plain(tensor)).toBe('Tensor float32 [], its values can not be read: only data() on this backend');
  });

  it('is described wherever it lies: in arrays, in objects, in both', () => {
    const batch = { xs: tf.ones([2]), meta: { ys: [tf.scalar(1), 'label'] } };
    const lines = plain(batch)!.split(/\n */);
    expect(lines.join(' ')).toBe(
      `{ xs: Tensor float32 [2] [1, 1], meta: { ys: [ Tensor float32 [] 1, 'label' ] } }`,
    );
    expect(plain([tf.zeros([0])])).toBe('[ Tensor float32 [0], empty ]');
  });

  it('is named in the cells of a table', () => {
    const rows = [{ layer: 'a', units: 3, kernel: tf.zeros([3, 4]) }];
    const { data } = toDisplay(rows) as { data: Record<string, string> };
    expect(data['text/html']).toContain('<td>Tensor float32 [3, 4]</td>');
    expect(data['text/plain']).toContain('Tensor float32 [3, 4]');
  });

  it('is found in a circle and behind a getter without harm', () => {
    const circle: Record<string, unknown> = { tensor: tf.zeros([0]) };
    circle.self = circle;
    Object.defineProperty(circle, 'boom', { enumerable: true, get: () => Promise.reject(new Error('run')) });
    expect(plain(circle)).toMatch(/tensor: Tensor float32 \[0\], empty/);
  });

  it('is not looked for by running getters', () => {
    let ran = false;
    const other = {
      get shape() {
        ran = true;
        throw new Error('not yet');
      },
    };
    expect(plain({ other })).toBe('{ other: { shape: [Getter] } }');
    expect(ran).toBe(false);
  });

  it('is not what merely looks a little like one', () => {
    expect(plain({ dtype: 'float32', shape: [2] })).toBe(`{ dtype: 'float32', shape: [ 2 ] }`);
  });
});

describe('a model of TensorFlow.js', () => {
  it('shows its summary', () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3], name: 'out' })] });
    expect(plain(model)).toMatch(/out \(Dense\) +\[\[null,3\]\] +\[null,2\] +8/);
    expect(plain(model)).toMatch(/Total params: 8/);
  });

  it('that has no input yet is shown like any object', () => {
    expect(plain(tf.sequential())).toMatch(/Sequential {/);
  });
});
