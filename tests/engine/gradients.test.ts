import { afterAll, describe, expect, it } from 'vitest';
import { withDraws } from '../../src/engine';
import { hessianVectorProducts } from '../../src/engine/secondOrder';
import { isFlat } from '../../src/engine/secondOrder/flat';
import { allCases, type Case } from './cases';
import { losslab } from './library';
import { REFUSED } from './refused';

const { tf } = losslab;

/** Registered gradients that no proven case differentiates, and why a second derivative cannot be silently wrong. */
const APART: Record<string, string> = {
  BroadcastTo: 'no backend has such a kernel: tf.broadcastTo runs Tile',
  ComplexAbs: 'refused, as Complex has no gradient',
  Dilation2D: 'refused, as Dilation2DBackpropFilter has none',
  FloorDiv: 'refused by name',
  ResizeBilinearGrad: 'a resize is differentiated by products of matrices',
  ResizeNearestNeighborGrad: 'a resize is differentiated by products of matrices',
  MaxPoolGradGrad: 'of third order',
};

/** Names of what the library knows, and of the kernels of the backends that are loaded. */
const kernelNames = new Set([
  ...Object.values(tf).filter((value) => typeof value === 'string'),
  ...['tensorflow', 'cpu', 'wasm'].flatMap((backend) =>
    tf.getKernelsForBackend(backend).map(({ kernelName }) => kernelName),
  ),
]);
const withGradient = [...kernelNames].filter((name) => tf.getGradient(name) != null).sort();

/** Which gradients run: on the tape (to be differentiated again), or in the second pass. */
const used = new Set<string>();
const restore = withGradient.map((name) => {
  const config = tf.getGradient(name);
  const { gradFunc } = config;
  config.gradFunc = (...args) => {
    used.add(name);
    return gradFunc(...args);
  };
  return () => {
    config.gradFunc = gradFunc;
  };
});
afterAll(() => {
  for (const undo of restore) undo();
});

function differentiate(one: Case): void {
  const { at, run, dispose } = one.build(2);
  tf.dispose(hessianVectorProducts(() => withDraws(7, () => run(at)), at, [at]) as never);
  dispose();
}

describe('every registered gradient', () => {
  it('is differentiated in a proven case, constant, or apart for a reason', () => {
    for (const one of allCases(losslab)) if (!(one.name in REFUSED)) differentiate(one);
    expect(withGradient.length).toBeGreaterThan(120);
    const missing = withGradient.filter((name) => !used.has(name) && !isFlat(name) && !(name in APART));
    expect(missing).toEqual([]);
  });

  it('that is apart is used by no case', () => {
    expect(Object.keys(APART).filter((name) => used.has(name) || !withGradient.includes(name))).toEqual([]);
  });

  it('that a reason calls refused is refused by a case', () => {
    for (const [name, reason] of Object.entries(APART)) {
      if (!reason.startsWith('refused')) continue;
      const op = /as (\w+) has/.exec(reason)?.[1] ?? name;
      expect(Object.values(REFUSED), name).toContain(op);
    }
  });

  it('of BroadcastTo has no kernel', () => {
    expect(tf.getKernel('BroadcastTo', tf.getBackend())).toBeUndefined();
  });
});
