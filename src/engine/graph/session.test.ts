import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chain, constant, graphOf, opOf, placeholder } from '../../../tests/fixtures/graphs';
import { ready, tf } from '../backend';
import type { SessionMode } from './config';
import { candidateFolders } from './folder';
import { DType, type Graph, type Numbers } from './graph';
import { serialize } from './savedModel';
import { type GraphSession, loadGraph, type NativeTensor } from './session';

const { float, double, int32, int64 } = DType;

interface Binding {
  createTensor(shape: number[], dtype: number, values: Numbers): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): Numbers;
  getNumOfSavedModels(): number;
}
let binding: Binding;

beforeAll(async () => {
  await ready();
  binding = (tf.findBackend('tensorflow') as unknown as { binding: Binding }).binding;
});

const ONE = { threads: 'one' } as const;

/** A matrix of numbers in [−1, 1) that are the same each time. */
const numbers = (length: number) => Float32Array.from({ length }, (_, i) => Math.sin(i * 12.9898) * 0.999);

function expectClose(got: ArrayLike<number>, wanted: ArrayLike<number>): void {
  expect(got.length).toBe(wanted.length);
  for (let i = 0; i < wanted.length; i++) expect(got[i]).toBeCloseTo(wanted[i]!, 6);
}

/** Runs a session once on these arrays, and frees what it made. */
function results(
  session: GraphSession,
  feeds: [number[], number, Numbers][],
): { tensor: NativeTensor; data: Numbers }[] {
  const ids = feeds.map(([shape, dtype, values]) => binding.createTensor(shape, dtype, values));
  try {
    return session.run(ids).map((tensor) => {
      const data = binding.tensorDataSync(tensor.id).slice();
      binding.deleteTensor(tensor.id);
      return { tensor, data };
    });
  } finally {
    for (const id of ids) binding.deleteTensor(id);
  }
}

function once(
  graph: Graph,
  feeds: [number[], number, Numbers][],
  mode: SessionMode = ONE,
): { tensor: NativeTensor; data: Numbers }[] {
  const session = loadGraph(serialize(graph, { callerThread: mode.threads === 'one' }), mode);
  try {
    return results(session, feeds);
  } finally {
    session.dispose();
  }
}

/** Σ relu(x W), and relu(x W): x [batch, 7], W [7, 3]. */
function denseGraph(): Graph {
  const [x, w] = [placeholder([-1, 7]), placeholder([7, 3])];
  const axes = constant(Int32Array.of(0, 1), [2], int32);
  const product = opOf('MatMul', [x, w], { shape: [-1, 3] });
  const relu = opOf('Relu', [product]);
  const sum = opOf('Sum', [relu, axes], { shape: [] });
  return graphOf([x, w], [x, w, product, axes, relu, sum], sum, relu);
}

describe('a loaded graph', () => {
  const modes: SessionMode[] = [
    ONE,
    { threads: 'all' },
    { threads: 'one', grappler: false },
    { threads: 'all', grappler: false },
    { threads: 'all', xla: true },
  ];

  it.each(modes)('of MatMul, Relu and Sum gives what tfjs gives, for any batch (%j)', (mode) => {
    const session = loadGraph(serialize(denseGraph(), { callerThread: mode.threads === 'one' }), mode);
    const w = numbers(21);
    for (const batch of [1, 2, 64]) {
      const x = numbers(batch * 7).reverse();
      const [sum, relu] = results(session, [
        [[batch, 7], float, x],
        [[7, 3], float, w],
      ]);
      const eager = tf.tidy(() => tf.relu(tf.matMul(tf.tensor2d(x, [batch, 7]), tf.tensor2d(w, [7, 3]))));
      expect(relu!.tensor).toMatchObject({ shape: [batch, 3], dtype: float });
      expect(sum!.tensor).toMatchObject({ shape: [], dtype: float });
      const wanted = eager.dataSync();
      expectClose(relu!.data, wanted);
      const total = Array.from(wanted).reduce((a, b) => a + b, 0);
      expect(sum!.data[0]).toBeCloseTo(total, 4);
      eager.dispose();
    }
    session.dispose();
  });

  it('computes in float64 on words: int32 [..., 2] in and out through Bitcast', () => {
    const words = placeholder([-1, 2], int32);
    const toDouble = { type: { kind: 'type', value: double } } as const;
    const toWords = { type: { kind: 'type', value: int32 } } as const;
    const x = opOf('Bitcast', [words], { shape: [-1], dtype: double, attrs: toDouble });
    const third = constant(Float64Array.of(1 / 3), [], double);
    const y = opOf('Mul', [x, third]);
    const out = opOf('Bitcast', [y], { shape: [-1, 2], dtype: int32, attrs: toWords });
    const values = Float64Array.of(Math.PI, -1e-300, 1 + 2 ** -52, 3e250);
    const [result] = once(graphOf([words], [words, x, third, y, out], out), [
      [[4, 2], int32, new Int32Array(values.buffer)],
    ]);
    const bits = Int32Array.from(result!.data);
    expect([...new Float64Array(bits.buffer)]).toEqual([...values].map((value) => value * (1 / 3)));
  });

  it('has constants of every type and attributes of every kind', () => {
    const x = placeholder([1, 4, 4, 1]);
    const filter = constant(numbers(9), [3, 3, 1, 1]);
    const conv = opOf('Conv2D', [x, filter], {
      attrs: { strides: { kind: 'ints', value: [1, 1, 1, 1] }, padding: { kind: 'string', value: 'SAME' } },
    });
    const leaky = opOf('LeakyRelu', [conv], { attrs: { alpha: { kind: 'float', value: 0.3 } } });
    const shape = constant(Int32Array.of(-1, -1), [1], int64);
    const flat = opOf('Reshape', [leaky, shape], { shape: [16] });
    const image = numbers(16);
    const [result] = once(graphOf([x], [x, filter, conv, leaky, shape, flat], flat), [
      [[1, 4, 4, 1], float, image],
    ]);
    const eager = tf.tidy(() =>
      tf.leakyRelu(
        tf.conv2d(tf.tensor4d(image, [1, 4, 4, 1]), tf.tensor4d(numbers(9), [3, 3, 1, 1]), 1, 'same'),
        0.3,
      ),
    );
    const wanted = eager.dataSync();
    expect(result!.tensor.shape).toEqual([16]);
    expectClose(result!.data, wanted);
    eager.dispose();
  });

  it('may take nothing, and a uniform constant is that constant', () => {
    const graph = (value: number) => {
      const node = constant(new Float32Array(5000).fill(value), [50, 100]);
      return graphOf([], [node], node);
    };
    for (const value of [2.5, Number.NaN, -0]) {
      const [result] = once(graph(value), []);
      expect(result!.tensor.shape).toEqual([50, 100]);
      expect(new Set(result!.data)).toEqual(new Set(Float32Array.of(value)));
    }
  });

  it('uses the output of an op that the graph says', () => {
    const x = placeholder([2, 3]);
    const k = constant(Int32Array.of(1), [], int32);
    const top = opOf('TopKV2', [x, k]);
    top.outputs = [
      { shape: [2, 1], dtype: float },
      { shape: [2, 1], dtype: int32 },
    ];
    const graph: Graph = {
      feeds: [x],
      nodes: [x, k, top],
      fetches: [1, 0].map((index) => ({ node: top, index })),
    };
    const [indices, values] = once(graph, [[[2, 3], float, Float32Array.of(5, 9, 1, 7, 2, 8)]]);
    expect([...indices!.data]).toEqual([1, 2]);
    expect([...values!.data]).toEqual([9, 8]);
  });

  it('may be a chain of 40,000 ops', () => {
    const mode = { threads: 'one', grappler: false } as const;
    const [result] = once(chain(40_000, 'Sin', [1]), [[[1], float, Float32Array.of(3)]], mode);
    let wanted = Math.fround(3);
    for (let i = 0; i < 40_000; i++) wanted = Math.fround(Math.sin(wanted));
    expect(result!.data[0]).toBeCloseTo(wanted, 6);
  });

  it('leaves no folder behind', () => {
    const mine = () =>
      candidateFolders().flatMap((folder) =>
        readdirSync(folder).filter((name) => name.includes(`-${process.pid}-`)),
      );
    const session = loadGraph(serialize(denseGraph()), ONE);
    expect(mine()).toEqual([]);
    session.dispose();
  });
});

describe('errors', () => {
  it('of a run name the op and the reason, and the session goes on', () => {
    const session = loadGraph(serialize(denseGraph(), { callerThread: true }), ONE);
    const right: [number[], number, Numbers][] = [
      [[2, 7], float, numbers(14)],
      [[7, 3], float, numbers(21)],
    ];
    const before = results(session, right);
    expect(() => results(session, [right[1]!, right[0]!])).toThrow(
      /^the compiled graph could not run: MatMul: Matrix size-incompatible: In\[0\]: \[7,3\], In\[1\]: \[2,7\]$/,
    );
    expect(() => results(session, right.slice(1))).toThrow('the compiled graph takes 2 tensors, got 1');
    expect(results(session, right).map(({ data }) => data)).toEqual(before.map(({ data }) => data));
    session.dispose();
  });

  it('of loading name the op and the reason, and leave no session', () => {
    const count = binding.getNumOfSavedModels();
    const [x, axis] = [placeholder([2]), placeholder([])];
    const graph = graphOf([x, axis], [x, axis], opOf('ExpandDims', [x, axis]));
    graph.nodes.push(graph.fetches[0]!.node);
    expect(() => loadGraph(serialize(graph), ONE)).toThrow(
      /^the compiled graph could not be loaded: ExpandDims: Value for attr 'Tdim' of float is not in the list of allowed values: int32, int64/,
    );
    expect(() => loadGraph({ bytes: Uint8Array.of(1, 2, 3), feeds: [], fetches: ['o0:0'] }, ONE)).toThrow(
      'the compiled graph could not be loaded: ',
    );
    expect(binding.getNumOfSavedModels()).toBe(count);
  });

  it('say that a graph was disposed', () => {
    const session = loadGraph(serialize(chain(1)), ONE);
    session.dispose();
    expect(() => session.run([0])).toThrow('a compiled graph was run after its dispose(); load it again');
  });
});

describe('a session is freed', () => {
  const loaded = () => binding.getNumOfSavedModels();

  it('by dispose, once', () => {
    const count = loaded();
    const session = loadGraph(serialize(chain(1)), ONE);
    expect(loaded()).toBe(count + 1);
    session.dispose();
    session.dispose();
    expect(loaded()).toBe(count);
  });

  it('when nothing holds it any more', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const count = loaded();
    for (let i = 0; i < 5; i++) loadGraph(serialize(chain(1)), ONE);
    expect(loaded()).toBe(count + 5);
    for (let tries = 0; loaded() > count && tries < 50; tries++) {
      collect();
      await sleep(20);
    }
    expect(loaded()).toBe(count);
  });
});

describe('another backend', () => {
  const started = tf.getBackend();
  afterAll(() => void tf.setBackend(started));

  it('chosen after the start does not stop a loaded graph', () => {
    const session = loadGraph(serialize(chain(2, 'Neg')), ONE);
    tf.setBackend('cpu');
    expect(tf.getBackend()).toBe('cpu');
    expect([...results(session, [[[2], float, Float32Array.of(1, 2)]])[0]!.data]).toEqual([1, 2]);
    session.dispose();
  });
});

describe('a process of its own', () => {
  const dist = path.resolve(__dirname, '../../../dist/engine');
  const tfjsNode = path.resolve(__dirname, '../../../node_modules/@tensorflow/tfjs-node');

  /** What a script prints that loads a chain of tanh with XLA, after `first`. */
  function withXla(first: string, env: NodeJS.ProcessEnv = {}): string {
    const graph = `const x = { op: 'Placeholder', inputs: [], attrs: {}, outputs: [{ shape: [2], dtype: 1 }] };
      const y = { ...x, op: 'Tanh', inputs: [{ node: x, index: 0 }] };
      const graph = { feeds: [x], nodes: [x, y], fetches: [{ node: y, index: 0 }] };`;
    const script = `${first}; require('${dist}/backend');
      const { serialize } = require('${dist}/graph/savedModel'); const { loadGraph } = require('${dist}/graph/session');
      ${graph} try { loadGraph(serialize(graph), { threads: 'all', xla: true }); console.log('loaded') } catch (e) { console.log(e.message) }`;
    const { TF_XLA_FLAGS: _, ...rest } = process.env;
    return spawnSync(process.execPath, ['-e', script], {
      env: { ...rest, ...env },
      encoding: 'utf8',
    }).stdout.trim();
  }

  const SHIM = `const util = require('util'); util.isNullOrUndefined ??= (x) => x == null; util.isArray ??= Array.isArray;`;

  it('can ask for XLA when it imports losslab first', () => {
    expect(withXla('')).toBe('loaded');
    expect(withXla('', { TF_XLA_FLAGS: '--tf_xla_max_cluster_size=100' })).toBe('loaded');
  });

  it('is told to when tfjs-node came first without it', () => {
    expect(withXla(`${SHIM} require('${tfjsNode}')`)).toMatch(
      /^XLA must be switched on before TensorFlow is loaded/,
    );
    expect(withXla(`${SHIM} require('${tfjsNode}')`, { TF_XLA_FLAGS: '--tf_xla_cpu_global_jit' })).toBe(
      'loaded',
    );
  });

  it('without TensorFlow is told what a graph needs', () => {
    expect(withXla('', { LOSSLAB_BACKEND: 'cpu' })).toBe(
      'a compiled graph needs the native backend (tensorflow), got cpu; run npm run setup, or run without compiling',
    );
  });
});
