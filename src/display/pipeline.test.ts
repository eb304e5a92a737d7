import { describe, expect, it } from 'vitest';
import { analytic } from '../analytic';
import { filterNormalized, trajectoryPca } from '../directions';
import { tf } from '../engine';
import { decodeNumbers, type PlanePanel } from '../figure';
import { lossFrom } from '../losses';
import { minimize, sam } from '../optim';
import { sharpnessCurve } from '../sharpness';
import { interpolate, lossSlice1D, lossSlice2D } from '../slices';
import { contour, line, sharpness, surface } from './figures';

/** A least-squares problem of 12 parameters in which nothing but the library takes part. */
function regression() {
  const x = tf.randomNormal([40, 4], 0, 1, 'float32', 3);
  const y = tf.randomNormal([40, 3], 0, 1, 'float32', 4);
  return lossFrom(({ W }) => tf.losses.meanSquaredError(y, tf.matMul(x, W!)).asScalar(), { W: [4, 3] });
}

const panelOf = (figure: { panels: unknown[] }): PlanePanel => figure.panels[0] as PlanePanel;

describe('figures of what the library computes', () => {
  it('draw the paths of SGD and SAM on the axes of an analytic loss', async () => {
    const loss = analytic.quadratic([1, 10]);
    const start = Float64Array.of(-0.8, 0.5);
    const sgd = await minimize(loss, start, tf.train.sgd(0.02), { steps: 60, seed: 1 });
    const other = await minimize(loss, start, sam(tf.train.sgd(0.02), { rho: 0.05 }), { steps: 60, seed: 1 });
    const plane = await lossSlice2D(loss, sgd.theta, { points: 21 });
    const figure = contour(plane, { paths: { SGD: sgd, SAM: other } });
    const { paths, center } = panelOf(figure);
    expect(paths.map(({ name }) => name)).toEqual(['SGD', 'SAM']);
    expect(decodeNumbers(paths[0]!.alpha)[0]).toBeCloseTo(-0.8, 4);
    expect(decodeNumbers(paths[0]!.beta).at(-1)).toBeCloseTo(sgd.theta[1]!, 4);
    expect(center).toEqual(plane.center);
    expect(figure.caption).toContain('rho=0.05');
  });

  it('draw a path in the plane of its own principal components, and refuse it in a random one', async () => {
    const loss = regression();
    const run = await minimize(loss, loss.params({ seed: 1 }), tf.train.sgd(0.1), { steps: 50, seed: 1 });
    const own = await lossSlice2D(loss, run.theta, { directions: trajectoryPca(run), points: 51 });
    const path = panelOf(surface(own, { paths: { SGD: run } })).paths[0]!;
    const losses = decodeNumbers(path.values);
    expect(losses.at(-1)!).toBeCloseTo(await loss.value(run.theta), 3);
    expect(losses[0]!).toBeGreaterThan(losses.at(-1)!);

    const far = filterNormalized(loss, run.theta, { seed: 5 });
    const random = await lossSlice2D(loss, run.theta, { directions: far, points: 5 });
    expect(() => contour(random, { paths: { SGD: run } })).toThrow(
      /paths.SGD: the plane keeps \d+ %.*trajectoryPca/,
    );
  });

  it('draw slices, interpolations and sharpness as they come', async () => {
    const loss = regression();
    const [a, b] = [loss.params({ seed: 1 }), loss.params({ seed: 2 })];
    const direction = filterNormalized(loss, a, { seed: 1, count: 1 }).vectors[0]!;
    const slice = await lossSlice1D(loss, a, { direction, points: 11 });
    const between = await interpolate(loss, a, b, { points: 11, labels: ['first', 'second'] });
    expect(line({ slice, between }).caption).toContain('straight line from first to second');
    const curve = await sharpnessCurve(loss, a, { rhos: [0.01, 0.1], steps: 3, starts: 2 });
    expect(sharpness({ a: curve }).caption).toContain('3 ascent steps, 2 starts, seed 0');
  });
});
