import { expect, it } from 'vitest';
import { golden, goldenLoss, goldenTheta } from '../../tests/fixtures/golden';
import { tf } from '../engine';
import { minimize, sam } from '../optim';

/** Relative to the size of the vector: float32 has 7 digits. */
function expectClose(actual: ArrayLike<number>, expected: number[], scale: number): void {
  expected.forEach((value, i) => {
    expect(Math.abs((actual[i] as number) - value) / scale).toBeLessThan(1e-6);
  });
}

it('the loss is that of the float64 reference', async () => {
  expect(Math.abs((await goldenLoss().value(goldenTheta)) / golden.loss - 1)).toBeLessThan(1e-6);
});

it('the gradient is that of the float64 reference', async () => {
  const { value, gradient } = await goldenLoss().gradient(goldenTheta);
  expectClose([value], [golden.loss], golden.loss);
  expectClose([Math.hypot(...gradient)], [golden.grad_norm], golden.grad_norm);
  expectClose(gradient, golden.grad_first5, golden.grad_norm);
});

it('a SAM step is that of the float64 reference, and so is the gradient it takes', async () => {
  const rate = 0.1;
  const reference = golden['sam_rho.05'];
  const run = await minimize(goldenLoss(), goldenTheta, sam(tf.train.sgd(rate), { rho: 0.05 }), { steps: 1 });
  expectClose(run.theta, reference.after_sgd_lr0_1_first5, 0.5);
  const taken = Array.from(run.theta, (after, k) => ((goldenTheta[k] as number) - after) / rate);
  // θ is rounded to float32 (3e-8 at 0.5) before it is divided by the learning rate.
  expect(Math.abs(Math.hypot(...taken) - reference.grad_norm)).toBeLessThan(1e-6);
  reference.grad_first5.forEach((g, i) => {
    expect(Math.abs((taken[i] as number) - g)).toBeLessThan(6e-7);
  });
});

it('the plane of the float64 reference is met at all 25 points', async () => {
  const directions = [(k: number) => Math.cos(1.3 * (k + 1)), (k: number) => Math.sin(2.1 * (k + 1) + 0.5)];
  const [a, b] = directions.map(filterNormalized) as [number[], number[]];
  const at = [-1, -0.5, 0, 0.5, 1];
  const thetas = at.flatMap((u) =>
    at.map((v) => goldenTheta.map((w, k) => w + u * (a[k] ?? 0) + v * (b[k] ?? 0))),
  );
  const values = await goldenLoss().values(thetas);
  golden['plane_5x5_[a][b]'].flat().forEach((expected, i) => {
    expect(Math.abs((values[i] as number) / expected - 1)).toBeLessThan(1e-6);
  });
});

/** As the header of the reference says: kernels scaled by column, biases zero. */
function filterNormalized(raw: (k: number) => number): number[] {
  const direction = Array.from({ length: 32 }, () => 0);
  for (const { offset, rows, columns } of [
    { offset: 0, rows: 3, columns: 5 },
    { offset: 20, rows: 5, columns: 2 },
  ])
    for (let c = 0; c < columns; c++) {
      const filter = Array.from({ length: rows }, (_, r) => offset + r * columns + c);
      const scale =
        Math.hypot(...filter.map((k) => goldenTheta[k] as number)) / Math.hypot(...filter.map(raw));
      for (const k of filter) direction[k] = raw(k) * scale;
    }
  return direction;
}
