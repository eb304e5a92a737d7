import { describe, expect, it } from 'vitest';
import { tf } from '../engine';
import { randomFrom } from '../random';
import { type AnalyticLoss, analytic } from '.';

const surfaces: Record<string, AnalyticLoss> = {
  'quadratic of a diagonal': analytic.quadratic([4, 2, 1]),
  'quadratic of a matrix': analytic.quadratic([
    [2, -1],
    [-1, 3],
  ]),
  saddle: analytic.saddle(),
  'saddle without a wall': analytic.saddle({ wall: 0 }),
  monkeySaddle: analytic.monkeySaddle(),
  'monkeySaddle with a near wall': analytic.monkeySaddle({ wall: 2 }),
  plateau: analytic.plateau(),
  'wide plateau': analytic.plateau({ width: 2 }),
  twoMinima: analytic.twoMinima(),
  scalarFactorization: analytic.scalarFactorization(),
  rosenbrock: analytic.rosenbrock(),
  beale: analytic.beale(),
};

const POINTS = [1, 2, 3, 4, 5, 6, 7, 8];
const STEP = 1e-5;

/** θ with its i-th number moved by h. */
function moved(theta: Float64Array, i: number, h: number): Float64Array {
  const copy = Float64Array.from(theta);
  copy[i]! += h;
  return copy;
}

/** Distance in units of the larger one, at least 1. */
function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  const scale = Math.max(1, ...Array.from(expected, Math.abs));
  Array.from(expected).forEach((e, i) => {
    expect(Math.abs(actual[i]! - e) / scale).toBeLessThan(1e-6);
  });
}

describe.each(Object.entries(surfaces))('%s', (_, loss) => {
  it.each(POINTS)('has the gradient that central differences of its value have (point %i)', async (seed) => {
    const theta = loss.params({ seed });
    const slopes = theta.map(() => 0);
    for (let i = 0; i < loss.dim; i++) {
      const ahead = await loss.value(moved(theta, i, STEP));
      slopes[i] = (ahead - (await loss.value(moved(theta, i, -STEP)))) / (2 * STEP);
    }
    expectClose((await loss.gradient(theta)).gradient, slopes);
  });

  it.each(POINTS)(
    'has the Hessian that central differences of its gradient have (point %i)',
    async (seed) => {
      const theta = loss.params({ seed });
      const hessian = loss.hessian(theta);
      for (let i = 0; i < loss.dim; i++) {
        const ahead = (await loss.gradient(moved(theta, i, STEP))).gradient;
        const behind = (await loss.gradient(moved(theta, i, -STEP))).gradient;
        expectClose(
          hessian[i]!,
          ahead.map((g, j) => (g - behind[j]!) / (2 * STEP)),
        );
      }
    },
  );

  it('has a symmetric Hessian, of which hvp is the product and eigenvalues the spectrum', async () => {
    const theta = loss.params({ seed: 9 });
    const v = randomFrom(1).gaussians(loss.dim);
    const hessian = loss.hessian(theta);
    hessian.forEach((row, i) => {
      row.forEach((h, j) => {
        expect(h).toBe(hessian[j]![i]);
      });
    });
    const product = hessian.map((row) => row.reduce((sum, h, j) => sum + h * v[j]!, 0));
    expectClose(await loss.hvp(theta, v), product);
    const values = loss.eigenvalues(theta);
    expect(values).toEqual([...values].sort((a, b) => a - b));
    const trace = hessian.reduce((sum, row, i) => sum + row[i]!, 0);
    expectClose([values.reduce((a, b) => a + b)], [trace]);
  });

  it('gives TensorFlow.js the same value and gradient, and leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    const start = Float64Array.from(Float32Array.from(loss.params({ seed: 10 })));
    const session = await loss.train(start);
    const { value, grads } = tf.variableGrads(() => session.forward(undefined, 0), session.variables);
    const expected = await loss.gradient(start);
    expectClose(value.dataSync(), [expected.value]);
    expectClose(Object.values(grads)[0]!.dataSync(), expected.gradient);
    expect(session.theta()).toEqual(start);
    tf.dispose([value, grads]);
    session.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('has finite values over its domain, among them its start', async () => {
    const corners = loss.domain[0].flatMap((x) => loss.domain[1].map((y) => Float64Array.of(x, y)));
    if (loss.dim === 2) expect((await loss.values(corners)).every(Number.isFinite)).toBe(true);
    loss.params().forEach((w, i) => {
      const [low, high] = loss.domain[i === 0 ? 0 : 1];
      expect(w > low && w < high).toBe(true);
    });
  });
});

describe('what is known of the surfaces', () => {
  const at = (...theta: number[]) => Float64Array.from(theta);

  it('a quadratic has the eigenvalues it was made of', () => {
    expect(analytic.quadratic([4, 1, 2]).eigenvalues(at(3, 3, 3))).toEqual([1, 2, 4]);
  });

  it('the saddle lies between minima, wall or not', () => {
    for (const wall of [0, 1, 4]) expect(analytic.saddle({ wall }).eigenvalues(at(0, 0))).toEqual([-1, 1]);
    expect(analytic.saddle({ wall: 4 }).eigenvalues(at(0, 0.5))).toEqual([1, 2]);
  });

  it('the monkey saddle is flat to second order, and its three minima are alike', async () => {
    const loss = analytic.monkeySaddle({ wall: 2 });
    expect(
      loss
        .hessian(at(0, 0))
        .flat()
        .every((h) => h === 0),
    ).toBe(true);
    for (const angle of [Math.PI, Math.PI / 3, -Math.PI / 3]) {
      const minimum = at(Math.cos(angle) / 2, Math.sin(angle) / 2);
      expectClose((await loss.gradient(minimum)).gradient, [0, 0]);
      expectClose(loss.eigenvalues(minimum), [1.5, 4.5]);
    }
  });

  it('the plateau is flat at a distance and curved by 1/width² at its minimum', async () => {
    const loss = analytic.plateau({ width: 0.5 });
    expect(loss.eigenvalues(at(0, 0))).toEqual([4, 4]);
    expect(Math.abs((await loss.gradient(at(2.5, 0))).gradient[0]!)).toBeLessThan(1e-4);
  });

  it('the two minima are equally deep, and exactly as sharp as asked for', async () => {
    const loss = analytic.twoMinima({ sharp: 30, wide: 2 });
    expect(await loss.value(at(-1, 0))).toBe(0);
    expect(await loss.value(at(1, 0))).toBe(0);
    expect(loss.eigenvalues(at(-1, 0))).toEqual([30, 30]);
    expect(loss.eigenvalues(at(1, 0))).toEqual([2, 2]);
  });

  it('the factorization has eigenvalues 0 and x² + y² where xy = 1', () => {
    expectClose(analytic.scalarFactorization().eigenvalues(at(2, 0.5)), [0, 4.25]);
    expect(analytic.scalarFactorization().eigenvalues(at(0, 0))).toEqual([-1, 1]);
  });

  it('Rosenbrock and Beale have their published minima', async () => {
    expect(await analytic.rosenbrock().gradient(at(1, 1))).toEqual({ value: 0, gradient: at(-0, 0) });
    expect(await analytic.beale().value(at(3, 0.5))).toBe(0);
    expect(analytic.beale().eigenvalues(at(3, 0.5))[0]).toBeGreaterThan(0);
  });
});

describe('an analytic loss', () => {
  const loss = analytic.saddle();

  it('remembers what is assigned, and gives away only copies', () => {
    const own = analytic.saddle();
    own.assign(Float32Array.of(0.5, 0.25));
    own.params()[0] = 7;
    expect(own.params()).toEqual(Float64Array.of(0.5, 0.25));
  });

  it('draws the same point from the same seed, another from another', () => {
    expect(loss.params({ seed: 3 })).toEqual(loss.params({ seed: 3 }));
    expect(loss.params({ seed: 3 })).not.toEqual(loss.params({ seed: 4 }));
  });

  it('refuses a theta of the wrong length', async () => {
    await expect(loss.value(Float64Array.of(1))).rejects.toThrow('theta must have 2 numbers');
    await expect(loss.hvp(Float64Array.of(1, 2), Float64Array.of(1))).rejects.toThrow(
      'v must have 2 numbers',
    );
  });

  it('refuses a list for a theta, and one that is not finite', async () => {
    await expect(loss.value([1, 2] as unknown as Float64Array)).rejects.toThrow(
      'theta must be a Float32Array or Float64Array, got Array',
    );
    await expect(loss.gradient(Float64Array.of(1, Number.NaN))).rejects.toThrow(
      'theta must be finite, got NaN at 1',
    );
    expect(() => loss.assign(Float64Array.of(Number.POSITIVE_INFINITY, 0))).toThrow(
      'theta must be finite, got Infinity at 0',
    );
  });

  it('refuses options without a meaning', () => {
    expect(() => analytic.saddle({ wall: -1 })).toThrow('wall must be a finite number >= 0, got -1');
    expect(() => analytic.plateau({ width: 0 })).toThrow('width must be a finite number > 0, got 0');
    expect(() => analytic.quadratic([])).toThrow('it is empty');
    expect(() => analytic.quadratic([1, Number.NaN])).toThrow('entry [1][1] is NaN');
    expect(() =>
      analytic.quadratic([
        [1, 2],
        [3, 4],
      ]),
    ).toThrow('[0][1] is 2 but [1][0] is 3');
    expect(() => analytic.quadratic([[1, 2]])).toThrow('row 0 has 2 numbers instead of 1');
  });
});
