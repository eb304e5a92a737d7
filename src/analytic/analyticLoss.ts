import { EigenvalueDecomposition } from 'ml-matrix';
import type { Loss, Points } from '../loss';
import { checkOptions } from '../options';
import { checkPoint, checkState, layoutOf } from '../params';
import { randomFrom } from '../random';
import type { Vector } from '../vector';
import { type Formula, type Matrix, multiply } from './formula';
import { openSession } from './session';

/** A loss given by a formula, in float64, with its exact Hessian. Its rows of data are 0; a batch changes nothing. */
export interface AnalyticLoss extends Loss<Float64Array> {
  /** f as a reader would write it. */
  readonly formula: string;
  /** Names of the parameters: w₁, w₂ … */
  readonly coordinates: string[];
  /** The part of the plane worth drawing. */
  readonly domain: [[number, number], [number, number]];
  /** H(θ), exact: as rows, symmetric. */
  hessian(theta: Vector): Matrix;
  /** Eigenvalues of H(θ), the smallest first. */
  eigenvalues(theta: Vector): number[];
}

/** Makes a loss of a formula: checks the points it is given and reads the spectrum off the Hessian. */
export function analyticLoss(formula: Formula): AnalyticLoss {
  const dim = formula.start.length;
  const layout = layoutOf([{ name: 'w', shape: [dim] }]);
  let current = formula.start;
  const read = (v: Vector, what?: string): number[] => {
    checkPoint(layout, v, what);
    return Array.from(v);
  };
  const values = (points: Points): Float64Array =>
    Float64Array.from(eachPoint(points), (theta) => formula.value(read(theta)));
  const hvp = async (theta: Vector, v: Vector): Promise<Float64Array> =>
    Float64Array.from(multiply(formula.hessian(read(theta)), read(v, 'v')));
  const loss: AnalyticLoss = {
    dim,
    layout,
    formula: formula.formula,
    coordinates: Array.from({ length: dim }, (_, i) => `w${subscript(i + 1)}`),
    domain: formula.domain,
    description: { name: formula.name, samples: 0, parameters: dim },
    params: (options = {}) => {
      checkOptions(options, ['seed']);
      return Float64Array.from(options.seed === undefined ? current : draw(formula, options.seed));
    },
    assign: (theta) => {
      current = read(theta);
    },
    value: async (theta) => formula.value(read(theta)),
    gradient: async (theta) => {
      const w = read(theta);
      return { value: formula.value(w), gradient: Float64Array.from(formula.gradient(w)) };
    },
    values: async (points) => values(points),
    evaluate: async (theta) => ({ loss: formula.value(read(theta)) }),
    evaluateMany: async (points) => ({ loss: values(points) }),
    hvp,
    hvps: (theta, vs) => Promise.all(Array.from(vs, (v) => hvp(theta, v))),
    hessian: (theta) => formula.hessian(read(theta)),
    eigenvalues: (theta) => eigenvalues(formula.hessian(read(theta))),
    train: async (theta) => openSession(formula, read(theta)),
    withState: (state) => {
      if (state !== undefined) checkState(0, state);
      return loss;
    },
  };
  return loss;
}

function eigenvalues(hessian: Matrix): number[] {
  if (hessian.length === 2) return eigenvaluesOfTwo(hessian);
  const { realEigenvalues } = new EigenvalueDecomposition(hessian, { assumeSymmetric: true });
  return realEigenvalues.sort((a, b) => a - b);
}

/** mean ± √(half the difference² + mixed²): −1 and 1 come out as −1 and 1, not as 0.9999999999999998. */
function eigenvaluesOfTwo(hessian: Matrix): number[] {
  const [[xx, xy], [, yy]] = hessian as [[number, number], [number, number]];
  const mean = (xx + yy) / 2;
  const spread = Math.hypot((xx - yy) / 2, xy);
  return [mean - spread, mean + spread];
}

/** The points themselves, also when they are given by their coordinates. */
function* eachPoint(points: Points): Iterable<Vector> {
  if (!('coefficients' in points)) return yield* points;
  const { at, directions, coefficients } = points;
  for (const row of coefficients)
    yield Float64Array.from(at, (w, i) =>
      row.reduce((sum, c, j) => sum + c * (directions[j] as Vector)[i]!, w),
    );
}

/** A point drawn uniformly from the domain (parameters past the second take the second's range). */
function draw({ start, domain }: Formula, seed: number): number[] {
  const random = randomFrom(seed);
  return start.map((_, i) => {
    const [low, high] = domain[i === 0 ? 0 : 1];
    return low + (high - low) * random.uniform();
  });
}

function subscript(n: number): string {
  return String(n).replace(/\d/g, (digit) => '₀₁₂₃₄₅₆₇₈₉'[Number(digit)]!);
}
