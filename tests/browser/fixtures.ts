import {
  contour,
  FIGURE_MIME,
  type Figure,
  grid,
  type LineInput,
  line,
  type PlaneInput,
  type SharpnessInput,
  sharpness,
  surface,
} from 'losslab/figure';

// Figures of every kind, from analytic landscapes: what the rules of looking good are tested on.

const LOSS = { name: 'softmaxCrossEntropy', samples: 1437, parameters: 2410 };

const steps = (from: number, to: number, n: number) =>
  Array.from({ length: n }, (_, i) => from + ((to - from) * i) / (n - 1));

function plane(f: (x: number, y: number) => number, half: number, points: number, seed: number): PlaneInput {
  const axis = steps(-half, half, points);
  return {
    kind: 'slice2d',
    alpha: axis,
    beta: axis,
    values: axis.flatMap((y) => axis.map((x) => f(x, y))),
    directions: {
      vectors: [
        [1, 0],
        [0, 1],
      ],
      description: 'two random directions, filter-normalised',
      labels: ['α (random direction 1, filter-normalised)', 'β (random direction 2, filter-normalised)'],
    },
    at: [0, 0],
    center: [0, 0],
    seed,
    loss: LOSS,
  };
}

/** A curved valley of four decades, as around a solution of a small network. */
const valley = (sharp: number) => (x: number, y: number) =>
  0.02 +
  sharp * (1.8 * x * x + 0.35 * (y - 0.5 * x * x) ** 2) +
  0.25 * sharp * x ** 4 +
  0.05 * (1 - Math.cos(4 * y));

const saddle = (x: number, y: number) => x * x - y * y + 0.15 * (x ** 4 + y ** 4);

/** Steps of gradient descent with momentum, by central differences. */
function descend(
  f: (x: number, y: number) => number,
  from: [number, number],
  rate: number,
  momentum: number,
  n: number,
) {
  const h = 1e-5;
  let [x, y] = from;
  let [vx, vy] = [0, 0];
  return Array.from({ length: n }, (_, step) => {
    const theta = [x, y];
    vx = momentum * vx - (rate * (f(x + h, y) - f(x - h, y))) / (2 * h);
    vy = momentum * vy - (rate * (f(x, y + h) - f(x, y - h))) / (2 * h);
    [x, y] = [x + vx, y + vy];
    return { step, theta };
  });
}

function interpolation(sharp: number): LineInput {
  const alpha = steps(-0.5, 1.5, 81);
  const values = alpha.map((a) => 0.02 + sharp * 2.5 * (a * (a - 1)) ** 2 + 0.01 * a * a);
  return {
    kind: 'slice1d',
    alpha,
    values,
    metrics: { accuracy: values.map((v) => 1 / (1 + v)) },
    description: 'straight line between two solutions',
    label: 'α (0: SGD, 1: SAM)',
    seed: 1,
    loss: LOSS,
    marks: [
      { alpha: 0, label: 'SGD, batch 16' },
      { alpha: 1, label: 'SAM, ρ = 0.05' },
    ],
  };
}

function sharpnessOf(lambda: number): SharpnessInput {
  const rho = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5];
  const at = (factor: number) => rho.map((r) => (factor * lambda * r * r) / 2 + 0.004 * r);
  return {
    rho,
    sharpness: at(1),
    lower: at(0.75),
    upper: at(1.3),
    steps: 20,
    starts: 3,
    seed: 1,
    loss: LOSS,
  };
}

/** Every kind of figure, by name. */
export function figures(): Record<string, Figure> {
  const paths = {
    SGD: { trajectory: descend(saddle, [0.9, 0.002], 0.03, 0, 120), optimizer: 'SGD', seed: 1 },
    momentum: { trajectory: descend(saddle, [0.9, -0.004], 0.01, 0.9, 90), optimizer: 'momentum', seed: 1 },
    'SAM, ρ = 0.2': { trajectory: descend(saddle, [-0.8, 0.01], 0.04, 0, 80), optimizer: 'SAM', seed: 1 },
  };
  const three = {
    SGD: plane(valley(4), 1, 51, 1),
    SAM: plane(valley(1.2), 1, 51, 1),
    ASAM: plane(valley(0.6), 1, 51, 1),
  };
  return {
    constant: contour(plane(() => 0.5, 1, 11, 1)),
    contour: contour(plane(valley(4), 1, 51, 7)),
    paths: contour(plane(saddle, 1.5, 41, 1), { paths }),
    grid: contour(three),
    line: line({ SGD: interpolation(1), SAM: interpolation(0.3) }),
    lines: grid([line(interpolation(1)), line(interpolation(0.05))], { columns: 2 }),
    sharpness: sharpness({
      'SGD, batch 16': sharpnessOf(1.9),
      'SAM, ρ = 0.05': sharpnessOf(1.1),
      'SAM, ρ = 0.2': sharpnessOf(0.5),
    }),
    surface: surface(plane(saddle, 1.5, 41, 1), { paths }),
    surfaces: surface({ SGD: three.SGD, SAM: three.SAM }),
  };
}

/** A notebook whose saved outputs are these figures, one to a cell; it names no kernel, so none is started. */
export function notebookOf(shown: unknown[]): object {
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {},
    cells: shown.map((figure, i) => ({
      cell_type: 'code',
      id: `cell-${i}`,
      execution_count: i + 1,
      metadata: {},
      source: '',
      outputs: [
        {
          output_type: 'display_data',
          metadata: {},
          data: { [FIGURE_MIME]: figure, 'text/plain': 'a figure' },
        },
      ],
    })),
  };
}
