import type { Built, Case } from './cases';
import { seedOf } from './cases/numbers';
import {
  type At,
  asGraph,
  type Derivatives,
  directionAt,
  distance,
  dot,
  eagerly,
  flat,
  type Lists,
  listsOf,
  norm,
  sizeOf,
  twice,
} from './derivatives';

/** What is wrong with the derivatives of a case: errors relative to their size. All should be rounding. */
export interface Errors {
  /** H·v against central differences of the gradient. */
  product: number;
  /** The gradient along v against central differences of the value. */
  gradient: number;
  /** u·Hv against v·Hu. */
  symmetry: number;
  /** Float32, op by op and as a graph, against double precision. */
  eager: number;
  compiled: number;
}

/**
 * Half the distance of a central difference: its error is ε², and 10⁻¹⁶/ε by rounding (10⁻⁷/ε in float32, where a
 * small distance is noisy and a large one may cross a kink: the best of three counts).
 */
const EPSILONS = { float64: [1e-6], float32: [3e-3, 3e-4, 1e-4] };

/**
 * The errors of one case at so many rows. Differences are taken of the double graph; where TensorFlow has no double
 * kernel, of the float32 one, whose rounding they cannot fall below.
 */
export function errorsOf(one: Case, rows: number): Errors {
  const built = one.build(rows);
  try {
    return examine(built, seedOf(one.name), one.double === false ? 'float32' : 'float64');
  } finally {
    built.dispose();
  }
}

function examine(built: Built, seed: number, precision: 'float64' | 'float32'): Errors {
  const shapes = built.at.map(({ shape }) => shape);
  const derive = twice(built);
  const point = listsOf(built.at);
  const [u, v] = [directionAt(point, seed + 100), directionAt(point, seed + 200)];
  const exact = asGraph(derive, shapes, precision);
  const graph = asGraph(derive, shapes, 'float32');
  const eager = eagerly(derive, shapes);
  try {
    return compare({ point, u, v, exact, graph, eager }, EPSILONS[precision]);
  } finally {
    exact.dispose();
    graph.dispose();
  }
}

interface Compared {
  point: Lists;
  u: Lists;
  v: Lists;
  exact: At;
  graph: At;
  eager: (where: Lists, along: Lists) => Derivatives;
}

function compare({ point, u, v, exact, graph, eager }: Compared, epsilons: number[]): Errors {
  const here = exact(point, v);
  const other = exact(point, u);
  const flatV = flat(v);
  const size = sizeOf(here);
  const differences = epsilons.map((epsilon) => {
    const [ahead, behind] = [1, -1].map((sign) => exact(shifted(point, v, sign * epsilon), v)) as [
      Derivatives,
      Derivatives,
    ];
    const slope = ahead.gradient.map((g, i) => (g - (behind.gradient[i] as number)) / (2 * epsilon));
    const rise = (ahead.value - behind.value) / (2 * epsilon);
    return {
      product: distance(slope, here.product) / size,
      gradient:
        Math.abs(rise - dot(here.gradient, flatV)) / (Math.max(norm(here.gradient), 1e-3) * norm(flatV)),
    };
  });
  const away = (found: Derivatives) => distance(found.product, here.product) / size;
  return {
    product: Math.min(...differences.map(({ product }) => product)),
    gradient: Math.min(...differences.map(({ gradient }) => gradient)),
    symmetry: Math.abs(dot(flat(u), here.product) - dot(flatV, other.product)) / (size * norm(flatV)),
    eager: away(eager(point, v)),
    compiled: away(graph(point, v)),
  };
}

const shifted = (point: Lists, v: Lists, by: number): Lists =>
  point.map((list, i) => list.map((x, k) => x + by * (v[i]?.[k] as number)));

/** What errors may be: of differences, and of float32 beside double precision. */
const ALLOWED: Record<'float64' | 'float32', Errors> = {
  float64: { product: 1e-6, gradient: 1e-6, symmetry: 1e-9, eager: 5e-6, compiled: 5e-6 },
  float32: { product: 5e-3, gradient: 5e-3, symmetry: 1e-5, eager: 5e-6, compiled: 5e-6 },
};

/** Runs a case at several numbers of rows, and names what is too far off. */
export function offences(one: Case, batches: readonly number[]): string[] {
  const allowed = ALLOWED[one.double === false ? 'float32' : 'float64'];
  return batches.flatMap((rows) => {
    const errors = errorsOf(one, rows);
    return (Object.keys(allowed) as (keyof Errors)[])
      .filter((kind) => !(errors[kind] <= allowed[kind]))
      .map((kind) => `${kind} with ${rows} rows: ${errors[kind].toExponential(1)}`);
  });
}
