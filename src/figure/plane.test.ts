import { describe, expect, it } from 'vitest';
import { grid } from './grid';
import type { PlaneInput, RunInput } from './inputs';
import { decodeNumbers } from './numbers';
import { contour, surface } from './plane';
import type { PlanePanel } from './schema';
import { validateFigure } from './validate';

/** A plane of an analytic loss of two parameters over its own axes. */
function planeOf(f: (x: number, y: number) => number, half = 1, points = 51): PlaneInput {
  const axis = Float64Array.from({ length: points }, (_, i) => -half + (2 * half * i) / (points - 1));
  return {
    kind: 'slice2d',
    alpha: axis,
    beta: axis,
    values: Float64Array.from({ length: points ** 2 }, (_, k) =>
      f(axis[k % points]!, axis[Math.floor(k / points)]!),
    ),
    directions: {
      vectors: [
        [1, 0],
        [0, 1],
      ],
      description: 'the axes of the loss',
      labels: ['w₁', 'w₂'],
    },
    at: [0, 0],
    center: [0.25, -0.5],
    loss: { name: 'quadraticBowl', samples: 0, parameters: 2 },
  };
}

const runOf = (thetas: ArrayLike<number>[], optimizer = 'momentum'): RunInput => ({
  trajectory: thetas.map((theta, step) => ({ step, theta })),
  optimizer,
  seed: 3,
});

const bowl = planeOf((x, y) => x * x + 10 * y * y);
const walk = runOf(
  Array.from({ length: 500 }, (_, k) => [Math.cos(k / 50) * 0.9 ** (k / 25), Math.sin(k / 50) * 0.5]),
);
const panel = (figure: { panels: unknown[] }, i = 0): PlanePanel => figure.panels[i] as PlanePanel;

describe('contour', () => {
  it('of 51×51 points with two paths passes the validator and stays under 30 KB', () => {
    const figure = contour(bowl, { paths: { SGD: walk, SAM: walk }, title: 'A bowl' });
    expect(validateFigure(JSON.parse(JSON.stringify(figure)))).toEqual(figure);
    expect(JSON.stringify(figure).length).toBeLessThan(30_000);
    expect(figure.kind).toBe('contour');
  });

  it('keeps the losses row by row, within Float32', () => {
    const values = decodeNumbers(panel(contour(bowl)).values);
    expect(values[3 * 51 + 40]).toBe(Math.fround(bowl.values[3 * 51 + 40]!));
  });

  it('says loss, directions, optimizers and seeds in its caption', () => {
    const { caption } = contour({ ...bowl, seed: 7 }, { paths: { SGD: walk }, caption: 'ρ = 0.05.' });
    expect(caption).toBe(
      'ρ = 0.05. Loss: quadratic bowl, analytic, 2 parameters. ' +
        'Directions: the axes of the loss, seed 7. Paths: SGD by momentum; seed 3.',
    );
  });

  it('names the seed of each path where seeds differ', () => {
    const paths = { SGD: walk, SAM: { ...walk, optimizer: 'SAM(rho=0.05, momentum)', seed: 4 } };
    expect(contour(bowl, { paths }).caption).toContain(
      'Paths: SGD by momentum, seed 3; SAM(rho=0.05, momentum), seed 4.',
    );
  });

  it('of several planes shares range, span, scale and levels', () => {
    const figure = contour(
      { sharp: planeOf((x, y) => 30 * (x * x + y * y) + 0.1, 0.5), wide: bowl },
      { columns: 2 },
    );
    expect(figure.kind).toBe('grid');
    expect(figure.columns).toBe(2);
    expect(panel(figure, 0).color).toEqual(panel(figure, 1).color);
    expect(panel(figure, 0).x.range).toEqual([-1, 1]);
    expect(figure.panels.map(({ title }) => title)).toEqual(['sharp', 'wide']);
    validateFigure(figure);
  });

  it('makes the span square when the plane is not', () => {
    const flat = { ...bowl, beta: Float64Array.from(bowl.beta, (b) => b / 4 + 1) };
    const { x, y } = panel(contour(flat));
    expect(y.range[1] - y.range[0]).toBeCloseTo(x.range[1] - x.range[0], 12);
    expect(y.range).toEqual([0, 2]);
  });

  it('thins a path to 200 points that keep its start and end', () => {
    const path = panel(contour(bowl, { paths: { SGD: walk } })).paths[0]!;
    const alpha = decodeNumbers(path.alpha);
    expect(alpha.length).toBe(200);
    expect(alpha[0]).toBeCloseTo(walk.trajectory[0]!.theta[0]!, 6);
    expect(alpha[199]).toBeCloseTo(walk.trajectory[499]!.theta[0]!, 6);
  });

  it('projects by least squares onto directions that are not orthogonal', () => {
    const skew = {
      ...bowl,
      directions: {
        ...bowl.directions,
        vectors: [
          [1, 0, 0],
          [1, 2, 0],
        ],
      },
      at: [1, 1, 1],
    };
    const path = panel(
      contour(skew, {
        paths: {
          run: runOf([
            [2, 3, 1],
            [1.5, 1, 1],
          ]),
        },
      }),
    ).paths[0]!;
    expect(Array.from(decodeNumbers(path.alpha))).toEqual([0, 0.5]);
    expect(Array.from(decodeNumbers(path.beta))).toEqual([1, 0]);
  });

  it('measures the loss along a path on the plane, exactly on its grid points and not at all outside', () => {
    const run = runOf([
      [0.2, 0.4],
      [1, 1],
      [1.5, 0],
    ]);
    const path = panel(contour(bowl, { paths: { run } })).paths[0]!;
    const values = decodeNumbers(path.values);
    expect(values[0]).toBeCloseTo(0.04 + 1.6, 3);
    expect(values[1]).toBeCloseTo(11, 4);
    expect(values[2]).toBeNaN();
  });

  it('refuses a path that the plane does not hold and points to trajectoryPca', () => {
    const random = {
      ...bowl,
      at: [0, 0, 0],
      directions: {
        ...bowl.directions,
        vectors: [
          [1, 0, 0],
          [0, 1, 0],
        ],
      },
    };
    const away = runOf([
      [0.1, 0, 1],
      [0.05, 0, 0.5],
      [0, 0, 0],
    ]);
    expect(() => contour(random, { paths: { SGD: away } })).toThrow(
      /paths.SGD: the plane keeps 1 % .* expected at least 50 %.*trajectoryPca/,
    );
  });

  it('refuses a path that moves inside but lies beside the plane', () => {
    const random = {
      ...bowl,
      at: [0, 0, 0],
      directions: {
        ...bowl.directions,
        vectors: [
          [1, 0, 0],
          [0, 1, 0],
        ],
      },
    };
    expect(() =>
      contour(random, {
        paths: {
          SGD: runOf([
            [0, 0, 5],
            [1, 1, 5],
          ]),
        },
      }),
    ).toThrow(RangeError);
  });

  it('refuses directions that span no plane', () => {
    const parallel = {
      ...bowl,
      directions: {
        ...bowl.directions,
        vectors: [
          [1, 2],
          [2, 4],
        ],
      },
    };
    expect(() => contour(parallel, { paths: { SGD: walk } })).toThrow('expected two independent directions');
  });

  it('draws a run only in those of several planes that hold it', () => {
    const space = { ...bowl, at: [0, 0, 0] };
    const holds = {
      ...space,
      directions: {
        ...bowl.directions,
        vectors: [
          [1, 0, 0],
          [0, 1, 0],
        ],
      },
    };
    const not = {
      ...space,
      directions: {
        ...bowl.directions,
        vectors: [
          [0, 1, 0],
          [0, 0, 1],
        ],
      },
    };
    const figure = contour(
      { holds, not },
      {
        paths: {
          SGD: runOf([
            [1, 0, 0],
            [0, 0, 0],
          ]),
        },
      },
    );
    expect([0, 1].map((i) => panel(figure, i).paths.length)).toEqual([1, 0]);
  });

  it('names what is wrong with bad input', () => {
    const bad = (change: object) => () => contour({ ...bowl, ...change } as PlaneInput);
    expect(() => contour({})).toThrow('got an empty object');
    expect(() => contour(5 as never)).toThrow('expected what lossSlice2D returns, or several by name, got 5');
    expect(() => contour({ a: { kind: 'slice1d' } } as never)).toThrow(
      "a: expected what lossSlice2D returns, got an object of kind 'slice1d'",
    );
    expect(bad({ alpha: undefined })).toThrow('alpha: expected at least 2 numbers, got nothing');
    expect(bad({ values: [1, 2] })).toThrow('values: expected 2601 numbers, got 2');
    expect(bad({ alpha: [0, 0] })).toThrow('alpha: expected finite numbers in rising order, got 0 at 1');
    expect(() => contour(bowl, { path: {} } as never)).toThrow('unknown option path; the options are paths,');
    expect(() => contour(bowl, { scale: 'ln' } as never)).toThrow(
      "scale must be 'linear' or 'log', got 'ln'",
    );
    expect(() => contour(bowl, { columns: 0 })).toThrow('columns must be a whole number >= 1, got 0');
    expect(() => contour(bowl, { paths: { SGD: {} as RunInput } })).toThrow(
      'paths.SGD: expected what minimize returns',
    );
    expect(() => contour(bowl, { paths: { SGD: runOf([[1, 2, 3]]) } })).toThrow(
      "points of 2 parameters like the plane's, got 3",
    );
  });
});

describe('surface', () => {
  it('holds the same panel as the contour, of kind surface', () => {
    const flat = contour(bowl, { paths: { SGD: walk } });
    expect(panel(surface(bowl, { paths: { SGD: walk } }))).toEqual({ ...panel(flat), kind: 'surface' });
  });
});

describe('grid', () => {
  it('of contours made apart gives them one scale', () => {
    const low = contour(planeOf((x, y) => 0.1 + x * x + y * y));
    const high = contour(planeOf((x, y) => 5 + x + y, 2));
    const both = grid([low, high]);
    expect(panel(both, 0).color).toEqual(panel(both, 1).color);
    expect(panel(both, 0).x.range).toEqual([-2, 2]);
    validateFigure(both);
  });

  it('names what is wrong with bad input', () => {
    expect(() => grid([])).toThrow('expected at least 1 figure');
    expect(() => grid([{} as never])).toThrow('figures[0]: expected a figure');
    expect(() => grid(Array.from({ length: 13 }, () => contour(bowl)))).toThrow(
      'panels: expected at most 12, got 13',
    );
  });
});
