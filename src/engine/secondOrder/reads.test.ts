import { afterAll, describe, expect, it } from 'vitest';
import { tf } from '../backend';
import { hessianVectorProducts } from '.';

type Save = (tensors: tf.Tensor[]) => void;
type Pass = { value: tf.Tensor; gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.Tensor };
type Unary = (x: tf.Tensor) => tf.Tensor;

const custom = (f: (x: tf.Tensor, save: Save) => Pass) => tf.customGrad(f as never) as Unary;
const slope = (x: tf.Tensor) => tf.mul(tf.square(x), 3);
const stash = tf.variable(tf.scalar(0));
const other = tf.variable(tf.scalar(0));
afterAll(() => tf.dispose([stash, other]));

/** x³ whose gradient comes from what `used` makes of the saved input; `inside` runs in the forward pass. */
function cube(
  used: (saved: tf.Tensor) => tf.Tensor,
  inside: (x: tf.Tensor) => void = () => undefined,
): Unary {
  return custom(function cubeOf(x, save) {
    inside(x);
    save([x]);
    return { value: tf.pow(x, 3), gradFunc: (dy, [s]) => tf.mul(dy, slope(used(s as tf.Tensor))) };
  });
}

const at = (x: number) => tf.tensor1d([x]);
const again = (numbers: unknown) => tf.tensor1d(Array.from(numbers as Float32Array));
const second = {
  'by hessianVectorProducts': (f: Unary) => {
    const x = at(2);
    const { products } = hessianVectorProducts(() => tf.sum(f(x)) as tf.Scalar, [x], [[at(1)]]);
    return products[0]?.[0]?.dataSync()[0];
  },
  'by nested tf.grad': (f: Unary) => tf.grad(tf.grad(f))(at(2)).dataSync()[0],
  'by variableGrads of tf.grad': (f: Unary) => {
    const x = tf.variable(at(2));
    try {
      const gradient = () => tf.sum(tf.grad(f)(x)) as tf.Scalar;
      return tf.variableGrads(gradient, [x]).grads[x.name]?.dataSync()[0];
    } finally {
      x.dispose();
    }
  },
};

let numbers: unknown;
let hidden: tf.Tensor = tf.scalar(0);
const engine = tf.engine() as unknown as {
  readSync(dataId: object): Float32Array;
  makeTensorFromTensorInfo(info: tf.TensorInfo): tf.Tensor;
};
const backend = () => tf.backend() as unknown as { readSync(dataId: object): Float32Array };

const LOST: [string, Unary, string][] = [
  ['reads the saved input: dataSync', cube((s) => again(s.dataSync())), 'reads the value'],
  [
    'reads the saved input: arraySync',
    cube((s) => tf.tensor1d(s.arraySync() as number[])),
    'reads the value',
  ],
  ['reads the saved input: bufferSync', cube((s) => s.bufferSync().toTensor()), 'reads the value'],
  [
    'reads the saved input: toString',
    cube((s) => tf.tensor1d(JSON.parse(s.toString().slice(11)))),
    'reads the value',
  ],
  ['reads past the tensor', cube((s) => again(engine.readSync(s.dataId))), 'reads the value'],
  ['reads past the engine', cube((s) => again(backend().readSync(s.dataId))), 'reads the value'],
  ['takes the memory', cube((s) => engine.makeTensorFromTensorInfo({ ...s, dataId: s.dataId, shape: [1], dtype: 'float32' })), 'reads the value'], // biome-ignore format: one a line
  [
    'reads something computed from it',
    cube((s) => tf.sqrt(again(tf.square(s).dataSync()))),
    'reads the value',
  ],
  ['reads it in the forward pass', cube(() => again(numbers), (x) => { numbers = x.dataSync(); }), 'reads the value'], // biome-ignore format: one a line
  ['reads what the forward pass made', cube(() => tf.sqrt(again(numbers)), (x) => { numbers = tf.square(x).dataSync(); }), 'reads the value'], // biome-ignore format: one a line
  ['reads past the tensor in the forward pass', cube(() => again(numbers), (x) => { numbers = engine.readSync(x.dataId); }), 'reads the value'], // biome-ignore format: one a line
  ['stashes it in a variable', cube(() => stash, (x) => stash.assign(tf.sum(x))), `the variable ${stash.name}`], // biome-ignore format: one a line
  ['stashes what it makes in a variable', cube(() => tf.sqrt(stash), (x) => stash.assign(tf.sum(tf.square(x)))), 'the variable'], // biome-ignore format: one a line
  ['assigns in its gradient', cube((s) => { stash.assign(tf.sum(s)); return stash; }), 'the variable'], // biome-ignore format: one a line
  ['goes through two variables', cube(() => other, (x) => { stash.assign(tf.sum(x)); other.assign(stash); }), 'the variable'], // biome-ignore format: one a line
  ['reads a variable', cube(() => again(stash.dataSync()), (x) => stash.assign(tf.sum(x))), 'reads the value'], // biome-ignore format: one a line
];

describe.each(Object.entries(second))('the second derivative %s of a customGrad', (_, derivative) => {
  it.each(LOST)('that %s throws, naming it', (_, f, reason) => {
    expect(() => derivative(f)).toThrow('customGrad cubeOf');
    expect(() => derivative(f)).toThrow(reason);
    expect(() => derivative((x) => f(tf.tanh(x)))).toThrow(reason);
  });

  it('that makes a new variable of its input throws', () => {
    const made: tf.Variable[] = [];
    const f = cube((s) => {
      made.push(tf.variable(s));
      return made.at(-1) as tf.Tensor;
    });
    expect(() => derivative(f)).toThrow('cubeOf: its gradient uses the variable');
    tf.dispose(made);
  });

  it('that uses what another one made inside throws', () => {
    const first = custom((x) => {
      hidden = tf.keep(tf.clone(tf.mul(x, 1)));
      return { value: tf.clone(x), gradFunc: (dy) => dy };
    });
    const f = cube(() => hidden);
    expect(() => derivative((x) => f(first(x)))).toThrow('uses a tensor made inside');
    hidden.dispose();
  });

  it('that hides its use inside another one throws', () => {
    const within = custom(function inner(x) {
      return { value: tf.mul(x, slope(stash)), gradFunc: (dy) => tf.mul(dy, slope(stash)) };
    });
    const f = custom(function outer(x, save) {
      stash.assign(tf.sum(x));
      save([x]);
      return { value: tf.pow(x, 3), gradFunc: (dy) => within(dy) };
    });
    expect(() => derivative(f)).toThrow('customGrad outer: its gradient uses the variable');
  });

  it('stays exact with tensors, and may read what is no function of the input, and integers', () => {
    const three = tf.scalar(3);
    const f = custom((x, save) => {
      save([x]);
      const power = three.dataSync()[0] as number;
      const largest = tf.argMax(x).dataSync()[0] as number;
      const gradFunc = (dy: tf.Tensor, [s]: tf.Tensor[]) =>
        tf.mul(dy, tf.mul(tf.pow(s as tf.Tensor, power - 1), (three.dataSync()[0] as number) + largest));
      return { value: tf.pow(x, power), gradFunc };
    });
    expect(derivative(f)).toBeCloseTo(12, 4);
    expect(derivative((x) => f(tf.square(x)))).toBeCloseTo(30 * 16, 2);
    three.dispose();
  });
});

describe.each(Object.entries(second))('numbers that the function itself reads, %s', (_, derivative) => {
  it('are refused where a customGrad may know them', () => {
    const f = cube(() => again(numbers));
    const around = (x: tf.Tensor) => {
      numbers = x.dataSync();
      return f(x);
    };
    expect(tf.grad(around)(at(2)).dataSync()[0]).toBeCloseTo(12, 4);
    expect(() => derivative(around)).toThrow('customGrad cubeOf: the function around it reads the value');
  });

  it('may choose between operations, also those that are a customGrad of TensorFlow.js', () => {
    const f = (x: tf.Tensor) => ((x.dataSync()[0] as number) > 0 ? tf.logSigmoid(x) : x);
    const s = 1 / (1 + Math.exp(-2));
    expect(derivative(f)).toBeCloseTo(-s * (1 - s), 5);
  });

  it('may be those of constants', () => {
    const three = tf.scalar(3);
    const f = cube((saved) => saved);
    expect(derivative((x) => tf.mul(f(x), three.dataSync()[0] as number))).toBeCloseTo(36, 3);
    three.dispose();
  });
});

describe('kernels that read their inputs for themselves', () => {
  const places = tf.tensor1d([1, 0, 1], 'int32');
  afterAll(() => places.dispose());
  const f = custom((x, save) => {
    save([x]);
    const gathered = (y: tf.Tensor) => tf.unsortedSegmentSum(tf.gather(y, places), places, 2);
    return {
      value: tf.pow(gathered(x), 2),
      gradFunc: (dy, [s]) => gathered(tf.mul(tf.mul(dy, gathered(s as tf.Tensor)), 2)),
    };
  });

  it('are let be in a customGrad: (x₀² + 4x₁²)″ = (2, 8)', () => {
    const x = tf.tensor1d([3, 5]);
    const nested = tf.grad((y: tf.Tensor) => tf.sum(tf.grad(f)(y)))(x);
    const { products } = hessianVectorProducts(() => tf.sum(f(x)) as tf.Scalar, [x], [[tf.ones([2])]]);
    for (const found of [nested, products[0]?.[0] as tf.Tensor])
      expect(Array.from(found.dataSync())).toEqual([2, 8]);
  });
});

it('a customGrad without a name is named by how it begins', () => {
  const f = custom((x) => ({ value: tf.square(x), gradFunc: (dy) => tf.mul(dy, again(x.dataSync())) }));
  expect(() => tf.grad(tf.grad(f))(at(2))).toThrow(/^customGrad \(x\) => .*…: its gradient reads/);
});

describe('the gradient of a kernel of the user', () => {
  for (const backendName of ['tensorflow', 'cpu', 'wasm'])
    tf.registerKernel({
      kernelName: 'Cube',
      backendName,
      kernelFunc: ({ inputs }) => tf.pow(inputs.x as tf.Tensor, 3),
    });
  tf.registerGradient({
    kernelName: 'Cube',
    inputsToSave: ['x'],
    gradFunc: (dy, [x]) => ({
      x: () => tf.mul(dy as tf.Tensor, slope(again((x as tf.Tensor).dataSync()))),
    }),
  });
  const f = (x: tf.Tensor) => tf.engine().runKernel('Cube', { x }) as tf.Tensor;

  it.each(Object.entries(second))('throws %s when it reads its input', (_, derivative) => {
    expect(() => derivative(f)).toThrow('Cube: its gradient reads the value');
  });

  it('is what it says at first order', () => {
    expect(tf.grad(f)(at(2)).dataSync()[0]).toBeCloseTo(12, 4);
  });
});

describe('at first order', () => {
  it.each(LOST)('a customGrad that %s is what it says', (_, f) => {
    expect(tf.grad(f)(at(2)).dataSync()[0]).toBeCloseTo(12, 4);
  });

  it('numbers may be read beside a second derivative by something else', () => {
    const f = LOST[0]?.[1] as Unary;
    const y = at(3);
    const outer = tf.grad((x: tf.Tensor) => tf.mul(tf.sum(tf.grad(f)(y)), tf.square(x)));
    expect(outer(at(2)).dataSync()[0]).toBeCloseTo(27 * 4, 3);
  });
});

describe('what throws leaves nothing behind', () => {
  function expectClean(run: () => unknown, message: string): void {
    const before = tf.memory().numTensors;
    expect(run).toThrow(message);
    expect(tf.memory().numTensors).toBe(before);
    expect(tf.engine().state.activeTape).toBeNull();
  }
  const inputs: tf.Tensor[] = [at(2), at(1)];
  const [x, v] = inputs as [tf.Tensor, tf.Tensor];
  afterAll(() => tf.dispose(inputs));

  it.each(LOST)('a customGrad that %s', (_, f, reason) => {
    const product = () => hessianVectorProducts(() => tf.sum(f(x)) as tf.Scalar, [x], [[v]]);
    expectClean(product, reason);
    const inner = (y: tf.Tensor) => tf.grad(f)(y);
    expectClean(() => tf.grad(inner)(x), reason);
  });

  it.each<[string, Unary, string]>([
    ['an operation without a gradient', (y) => tf.cumprod(tf.tanh(y)), 'Cumprod'],
    ['a gradient that throws', custom((y, save) => { save([y]); return { value: tf.tanh(y), gradFunc: () => { throw new Error('as planned'); } }; }), 'as planned'], // biome-ignore format: one a line
    ['a forward pass that throws once it saved', custom((y, save) => { save([tf.exp(y), y]); throw new Error('as planned'); }), 'as planned'], // biome-ignore format: one a line
  ])('%s', (_, f, reason) => {
    const g = (y: tf.Tensor) => f(tf.exp(y));
    expectClean(() => tf.grad(g)(x), reason);
    expectClean(() => tf.grad((y: tf.Tensor) => tf.grad(g)(y))(x), reason);
    expectClean(() => hessianVectorProducts(() => tf.sum(g(x)) as tf.Scalar, [x], [[v]]), reason);
  });
});

describe('in the function itself, what is read or assigned counts as a constant in every derivative', () => {
  const second = (f: Unary) => {
    const x = at(3);
    const found = hessianVectorProducts(() => tf.sum(f(x)) as tf.Scalar, [x], [[at(1)]]);
    return [found.value, found.gradients[0], found.products[0]?.[0]].map(
      (t) => (t as tf.Tensor).dataSync()[0],
    );
  };

  it.each<[string, Unary, number[]]>([
    ['a number that was read', (x) => tf.mul(tf.square(x), again(x.dataSync())), [27, 18, 6]],
    ['a variable that was assigned', (x) => { stash.assign(tf.sum(x)); return tf.mul(tf.square(x), stash); }, [27, 18, 6]], // biome-ignore format: one a line
    [
      'the branch that a number chooses',
      (x) => ((x.dataSync()[0] as number) > 0 ? tf.pow(x, 3) : x),
      [27, 27, 18],
    ],
    ['a gradient of zero (a stop)', (x) => tf.mul(tf.square(x), custom((y) => ({ value: tf.clone(y), gradFunc: (dy) => tf.zerosLike(dy) }))(x)), [27, 18, 6]], // biome-ignore format: one a line
    ['a gradient passed on (straight through)', (x) => tf.square(custom((y) => ({ value: tf.round(y), gradFunc: (dy) => dy }))(x)), [9, 6, 2]], // biome-ignore format: one a line
  ])('%s', (_, f, expected) => {
    second(f).forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i] as number, 3);
    });
  });

  it.each<[string, Unary]>([
    ['a number that was read', (x) => tf.mul(tf.square(x), again(x.dataSync()))],
    ['a variable that was assigned', (x) => { stash.assign(tf.sum(x)); return tf.mul(tf.square(x), stash); }], // biome-ignore format: one a line
  ])('%s, by nested tf.grad too', (_, f) => {
    expect(tf.grad(tf.grad(f))(at(3)).dataSync()[0]).toBeCloseTo(6, 4);
  });

  it('a variable that is differentiated counts with the value it has where it is used', () => {
    const w = tf.variable(at(3));
    const f = () => {
      w.assign(tf.mul(w, 2) as tf.Tensor1D);
      return tf.sum(tf.pow(w, 3)) as tf.Scalar;
    };
    const { gradients, products } = hessianVectorProducts(f, [w], [[at(1)]]);
    expect([gradients[0], products[0]?.[0]].map((t) => (t as tf.Tensor).dataSync()[0])).toEqual([108, 36]);
    expect(w.dataSync()[0]).toBe(3);
    w.dispose();
  });
});

describe('derivatives inside the function', () => {
  const ones = [[at(1)]];
  const product = (f: Unary, x: tf.Tensor) =>
    hessianVectorProducts(() => tf.sum(f(x)) as tf.Scalar, [x], ones).products[0]?.[0] as tf.Tensor;

  it('tf.grad gives the third derivative, through tanh and tidy', () => {
    const third = (t: number) => (1 - t * t) * (6 * t * t - 2);
    const f = (x: tf.Tensor) => tf.tidy(() => tf.grad(tf.tanh as Unary)(x));
    expect(product(f, at(0.7)).dataSync()[0]).toBeCloseTo(third(Math.tanh(0.7)), 5);
  });

  it('variableGrads too', () => {
    const w = tf.variable(at(0.7));
    const f = () =>
      tf.variableGrads(() => tf.sum(tf.exp(tf.mul(w, 2))) as tf.Scalar, [w]).grads[w.name] as tf.Tensor;
    expect(product(f, w).dataSync()[0]).toBeCloseTo(8 * Math.exp(1.4), 4);
    w.dispose();
  });

  it('hessianVectorProducts gives the fourth derivative', () => {
    const f = (x: tf.Tensor) => product((y) => tf.exp(tf.mul(y, 2)), x);
    expect(product(f, at(0.3)).dataSync()[0]).toBeCloseTo(16 * Math.exp(0.6), 3);
  });
});
