import { beforeAll, describe, expect, it, vi } from 'vitest';
import { expectClose, expectEqual, infoOf, numbers, tensor } from '../../../tests/fixtures/compiled';
import { ready, tf } from '../backend';
import { compile } from './compile';

beforeAll(ready);

describe('a compiled function', () => {
  it('is called like the function, and gives what it gives', () => {
    const norm = compile((x: tf.Tensor) => x.square().sum().sqrt(), [tf.tensor1d([1, 1])], { name: 'norm' });
    expect(norm(tf.tensor1d([3, 4])).dataSync()[0]).toBe(5);
    expect(infoOf('norm').graphs).toHaveLength(1);
  });

  it('takes and returns any nest of arrays and objects, with null, texts and numbers left as they are', () => {
    const fn = (args: { x: tf.Tensor; list: [tf.Tensor, { y: tf.Tensor }]; name: string }, by: number) => ({
      sum: tf.add(args.x, args.list[0]),
      rest: [args.list[1].y.mul(by), null, { note: args.name, count: 3, none: undefined }],
    });
    const [x, a, y] = [tensor([2, 3]), tensor([2, 3], 2), tensor([4], 3)];
    const wanted = fn({ x, list: [a, { y }], name: 'n' }, 2);
    const compiled = compile(fn, [{ x, list: [a, { y }], name: 'n' }, 2], { name: 'nests' });
    const got = compiled({ x, list: [a, { y }], name: 'n' }, 2);
    expectEqual(got.sum, wanted.sum);
    expectEqual(got.rest[0] as tf.Tensor, wanted.rest[0] as tf.Tensor);
    expect(got.rest.slice(1)).toEqual([null, { note: 'n', count: 3, none: undefined }]);
    expect(infoOf('nests').graphs).toHaveLength(1);
  });

  it('takes and returns int32 and bool tensors', () => {
    const fn = (at: tf.Tensor, mask: tf.Tensor, x: tf.Tensor) => ({
      next: at.add(tf.scalar(1, 'int32')),
      other: mask.logicalNot(),
      chosen: tf.where(mask, x, tf.zerosLike(x)),
      small: x.less(0.1),
    });
    const args = [tf.tensor1d([1, 2], 'int32'), tf.tensor1d([true, false], 'bool'), tensor([2])] as const;
    const compiled = compile(fn, [...args], { name: 'dtypes' });
    const [got, wanted] = [compiled(...args), fn(...args)];
    for (const key of ['next', 'other', 'chosen', 'small'] as const) expectEqual(got[key], wanted[key]);
    expect(infoOf('dtypes').graphs).toHaveLength(1);
  });

  it('builds at once with examples, else after one eager call', () => {
    let runs = 0;
    const fn = (x: tf.Tensor): tf.Tensor => {
      runs++;
      return x.add(1);
    };
    compile(fn, [tensor([2])]);
    expect(runs).toBe(1);
    runs = 0;
    const lazy = compile(fn, undefined, { name: 'lazy' });
    for (let i = 0; i < 5; i++) lazy(tensor([2]));
    expect(runs).toBe(2);
    expect(infoOf('lazy').graphs).toHaveLength(1);
  });

  it('runs eagerly as often as `after` says', () => {
    let runs = 0;
    const fn = compile(
      (x: tf.Tensor) => {
        runs++;
        return x.add(1);
      },
      undefined,
      { after: 3 },
    );
    for (let i = 0; i < 6; i++) fn(tensor([2]));
    expect(runs).toBe(4);
  });

  it.each([
    [[1, 2]],
    [['a', 'b']],
    [['a","b', ['a', 'b'].join(',')]],
    [[true, 'true']],
    [[0, -0]],
    [[Number.NaN, 1]],
    [[undefined, null]],
    [[{ k: 1 }, { k: 2 }]],
    [[[1, 2], [12]]],
  ] as [unknown[]][])('has a graph for each plain argument: %j', ([first, second]) => {
    const seen: unknown[] = [];
    const fn = compile(
      (x: tf.Tensor, plain: unknown) => {
        seen.push(plain);
        return x.add(1);
      },
      undefined,
      { after: 0 },
    );
    for (const plain of [first, second, first, second]) fn(tensor([2]), plain);
    expect(seen).toEqual([first, second]);
  });

  it('does not take ["a,b"] for ["a", "b"]', () => {
    const fn = compile((x: tf.Tensor, names: string[]) => x.mul(names.length), undefined, { after: 0 });
    const x = tf.tensor1d([1]);
    expect(fn(x, ['a', 'b']).dataSync()[0]).toBe(2);
    expect(fn(x, ['a,string:b']).dataSync()[0]).toBe(1);
    expect(fn(x, ['a","b']).dataSync()[0]).toBe(1);
  });

  it('takes Float32Array and Float64Array in the place of float tensors, in the shape of the example', () => {
    const product = compile(
      (w: tf.Tensor, x: tf.Tensor) => tf.matMul(w as tf.Tensor2D, x as tf.Tensor2D),
      [tensor([2, 3]), tensor([3, 1])],
    ) as unknown as (...args: unknown[]) => tf.Tensor;
    const [w, x] = [numbers(6), numbers(3)];
    const wanted = tf.matMul(tf.tensor2d(w, [2, 3]), tf.tensor2d(x, [3, 1]));
    expectClose(product(w, x), wanted);
    expectClose(product(Float64Array.from(w), x), wanted);
    expect(() => product(numbers(5), x)).toThrow(
      'argument 1 must have 6 numbers (shape [2,3] of the example) or another multiple of 3, got 5',
    );
  });

  it('refuses other typed arrays, which would look like numbers to feed', () => {
    const fn = compile((x: tf.Tensor, at: unknown) => x.add(Number(at !== undefined)));
    expect(() => fn(tensor([2]), new Int32Array(2))).toThrow(/tensors, Float32Arrays.*got Int32Array/);
  });

  it('refuses disposed tensors, naming the argument, and goes on', () => {
    const fn = compile((x: tf.Tensor, y: tf.Tensor) => x.add(y), [tensor([2]), tensor([2])], { name: 'sum' });
    const gone = tensor([2]);
    gone.dispose();
    expect(() => fn(tensor([2]), gone)).toThrow(
      'sum was given a disposed tensor (number 2 of its arguments)',
    );
    expectEqual(fn(tf.ones([2]), tf.ones([2])), tf.fill([2], 2));
  });

  it('refuses unknown options and wrong ones', () => {
    const fn = (x: tf.Tensor) => x;
    expect(() => compile(fn, undefined, { precisoin: 'float64' } as never)).toThrow(
      'unknown option precisoin',
    );
    expect(() => compile(fn, undefined, { precision: 'float16' as never })).toThrow(RangeError);
    expect(() => compile(fn, undefined, { after: -1 })).toThrow('after must be a whole number >= 0, got -1');
    expect(() => compile(fn, undefined, { seed: 0.5 })).toThrow('seed must be a whole number, got 0.5');
  });

  it('throws what the function throws, at the trace and in the graph, and goes on', () => {
    const fn = compile(
      (a: tf.Tensor, b: tf.Tensor) => tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D),
      undefined,
      {
        after: 0,
      },
    );
    expect(() => fn(tensor([2, 3]), tensor([2, 3]))).toThrow(/incompatible/);
    expectClose(fn(tensor([2, 3]), tensor([3, 2])), tf.matMul(tensor([2, 3]), tensor([3, 2])));
  });

  it('gives tensors of its own: a source array changed after the call changes no result', () => {
    const same = compile(
      (x: tf.Tensor) => [x, x.reshape([2, 512]), x.slice([0], [512]), x.expandDims(0), ...tf.split(x, 2)],
      [tf.zeros([1024])],
      { name: 'alias' },
    ) as unknown as (x: Float32Array) => tf.Tensor[];
    for (let attempt = 0; attempt < 10; attempt++) {
      const source = new Float32Array(1024).fill(1);
      const results = same(source);
      source.fill(7);
      for (const result of results) expect(result.dataSync().every((x) => x === 1)).toBe(true);
      tf.dispose(results);
    }
  });

  it('returns the same tensor twice, an argument and a constant as tensors to be disposed alone', () => {
    const fn = compile(
      (x: tf.Tensor) => {
        const y = x.add(1);
        return [y, y, x, tf.scalar(4)];
      },
      [tf.ones([2])],
      { name: 'twice' },
    );
    const x = tf.ones([2]);
    const [a, b, same, four] = fn(x) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
    a.dispose();
    same.dispose();
    expect(Array.from(b.dataSync())).toEqual([2, 2]);
    expect(four.dataSync()[0]).toBe(4);
    expect(Array.from(x.dataSync())).toEqual([1, 1]);
    expect(infoOf('twice').graphs).toHaveLength(1);
  });

  it('has its results disposed by the tf.tidy around it', () => {
    const fn = compile((x: tf.Tensor) => x.add(1), [tf.ones([2])]);
    const x = tf.ones([2]);
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      fn(x);
    });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('after dispose() builds anew', () => {
    const fn = compile((x: tf.Tensor) => x.add(1), [tf.ones([2])], { name: 'anew' });
    fn.dispose();
    fn.dispose();
    expectEqual(fn(tf.ones([2])), tf.fill([2], 2));
    expect(infoOf('anew').graphs).toHaveLength(1);
  });

  it('runs eagerly, with one note, when it returns no tensor', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const fn = compile((x: tf.Tensor) => x.shape.length, undefined, { name: 'nothing' });
    for (let i = 0; i < 4; i++) expect(fn(tensor([2, 2]))).toBe(2);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn).toHaveBeenCalledWith(
      'losslab: nothing runs eagerly, since it must return tensors, got none',
    );
    warn.mockRestore();
  });
});
