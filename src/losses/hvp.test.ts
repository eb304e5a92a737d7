import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { golden, goldenLoss, goldenTheta, goldenX, goldenY } from '../../tests/fixtures/golden';
import { tf } from '../engine';
import { lossFrom, lossOf } from '.';

const unit = (dim: number, i: number): Float64Array => new Float64Array(dim).fill(1, i, i + 1);

/** The Hessian, column by column. */
async function hessianOf(loss = goldenLoss()): Promise<Float32Array[]> {
  return loss.hvps(
    goldenTheta,
    Array.from({ length: loss.dim }, (_, i) => unit(loss.dim, i)),
  );
}

describe('Hessian-vector products of the reference network', () => {
  it('make the reference spectrum, trace and norm', async () => {
    const columns = await hessianOf();
    const matrix = new Matrix(columns.map((column) => Array.from(column)));
    const symmetric = Matrix.add(matrix, matrix.transpose()).mul(0.5);
    const { realEigenvalues } = new EigenvalueDecomposition(symmetric, { assumeSymmetric: true });
    const found = realEigenvalues.sort((a, b) => a - b);
    const wanted = [...golden.hess_eigs].sort((a, b) => a - b);
    found.forEach((value, i) => {
      expect(Math.abs(value - (wanted[i] as number))).toBeLessThan(1e-5 * golden.lam_max);
    });
    expect(matrix.trace()).toBeCloseTo(golden.trace, 5);
    expect(columns.flatMap((c) => Array.from(c)).reduce((sum, h) => sum + h * h, 0)).toBeCloseTo(
      golden.fro2,
      4,
    );
  });

  it('are the same in pieces of seven rows, of a batch of all rows, and one by one', async () => {
    const whole = await hessianOf();
    const model = goldenLoss();
    const all = await model.hvps(
      goldenTheta,
      [unit(32, 3), unit(32, 9)],
      Array.from({ length: 20 }, (_, i) => i),
    );
    const one = await model.hvp(goldenTheta, unit(32, 9));
    const pieces = await hessianOf(piecewise());
    const near = (a: Float32Array | undefined, b: Float32Array | undefined): void => {
      a?.forEach((value, i) => {
        expect(Math.abs(value - (b?.[i] as number))).toBeLessThan(2e-6);
      });
    };
    near(all[0], whole[3]);
    near(all[1], whole[9]);
    near(one, whole[9]);
    whole.forEach((column, i) => {
      near(pieces[i], column);
    });
  });

  it('refuse vectors of another length, and leave no tensor behind', async () => {
    const loss = goldenLoss();
    await loss.hvp(goldenTheta, unit(32, 0));
    const before = tf.memory().numTensors;
    await expect(loss.hvp(goldenTheta, new Float32Array(31))).rejects.toThrow('v must have 32 numbers');
    await expect(loss.hvp(goldenTheta, new Float32Array(32).fill(Number.NaN))).rejects.toThrow(
      'v must be finite',
    );
    await loss.hvps(goldenTheta, [unit(32, 1), unit(32, 2), unit(32, 3)]);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('Hessian-vector products of a function of tensors', () => {
  it('are λ∘v for ½Σλw², and 0 by what the function does not use', async () => {
    const bowl = lossFrom((p) => p.w.square().mul([4, 2, 1]).sum().mul(0.5), { w: [3], unused: [2] });
    const theta = Float32Array.of(1, 2, 3, 0, 0);
    expect(await bowl.hvp(theta, Float32Array.of(1, -1, 2, 5, 5))).toEqual(Float32Array.of(4, -2, 2, 0, 0));
  });

  it('with v the same array as θ are Hθ, not Hθ + g', async () => {
    const bowl = lossFrom((p) => p.w.square().sum(), { w: [2] });
    const theta = Float32Array.of(1, 2);
    expect(await bowl.hvp(theta, theta)).toEqual(Float32Array.of(2, 4));
  });
});

const DIRECTIONS = [0.3, 0.7].map((f) => Float64Array.from({ length: 32 }, (_, i) => Math.sin(f * (i + 1))));
const COEFFICIENTS = Array.from({ length: 30 }, (_, k) => [Math.sin(k), Math.cos(2 * k)]);

describe('the losses of points along directions', () => {
  const pointsOf = () =>
    COEFFICIENTS.map((row) =>
      goldenTheta.map((w, i) => w + row.reduce((sum, c, j) => sum + c * (DIRECTIONS[j]?.[i] ?? 0), 0)),
    );

  for (const [name, loss] of [
    ['a chain of dense layers', goldenLoss()],
    ['in pieces of seven rows', piecewise()],
    ['another model', branching()],
  ] as const)
    it(`are those of the points, for ${name}`, async () => {
      const along = { at: goldenTheta, directions: DIRECTIONS, coefficients: COEFFICIENTS };
      const [found, wanted] = [await loss.values(along), await loss.values(pointsOf())];
      found.forEach((value, i) => {
        expect(Math.abs(value / (wanted[i] as number) - 1)).toBeLessThan(3e-6);
      });
    });

  it('refuse coefficients that do not fit', async () => {
    const along = { at: goldenTheta, directions: DIRECTIONS, coefficients: [[1]] };
    await expect(goldenLoss().values(along)).rejects.toThrow('coefficients[0] must have 2 numbers');
  });
});

function piecewise(): ReturnType<typeof goldenLoss> {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 5, activation: 'tanh', inputShape: [3] }),
      tf.layers.dense({ units: 2 }),
    ],
  });
  return lossOf(model, { x: goldenX, y: goldenY, loss: 'meanSquaredError', batchSize: 7 });
}

/** The same function with its first layer's activation as a branch, which is no chain. */
function branching(): ReturnType<typeof goldenLoss> {
  const input = tf.input({ shape: [3] });
  const hidden = tf.layers.dense({ units: 5 }).apply(input) as tf.SymbolicTensor;
  const left = tf.layers.activation({ activation: 'tanh' }).apply(hidden) as tf.SymbolicTensor;
  const both = tf.layers.average().apply([left, left]) as tf.SymbolicTensor;
  const outputs = tf.layers.dense({ units: 2 }).apply(both) as tf.SymbolicTensor;
  return lossOf(tf.model({ inputs: input, outputs }), { x: goldenX, y: goldenY, loss: 'meanSquaredError' });
}
