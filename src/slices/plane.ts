import { filterNormalized } from '../directions';
import { inTypeOf } from '../directions/arithmetic';
import type { Directions } from '../directions/types';
import type { Loss } from '../loss';
import type { Vector } from '../vector';
import { directionOf } from './direction';
import type { Span } from './span';

/** Where a 2D slice is taken. */
export interface Plane<A extends Vector> {
  directions: Directions<A>;
  at: A;
  center: [number, number];
  span: readonly [Span, Span];
}

const UNIT: Span = [-1, 1];

/**
 * The plane a slice is taken in: the directions given; of a loss of two parameters its own axes; else
 * filter-normalised random directions.
 */
export function planeOf<A extends Vector>(
  loss: Loss<A>,
  theta: Vector,
  given: Directions | readonly [Vector, Vector] | undefined,
  seed: number,
): Plane<A> {
  if (given === undefined && loss.dim === 2) return ownAxes(loss, theta);
  const directions = asDirections(given ?? filterNormalized(loss, theta, { seed }));
  const [first, second] = directions.vectors;
  if (first === undefined || second === undefined)
    throw new RangeError(`directions must hold two vectors, got ${directions.vectors.length}`);
  const vectors = [first, second].map((vector) => directionOf(loss, vector, 'a direction'));
  return {
    directions: { ...directions, vectors },
    at: inTypeOf(loss, theta),
    center: [0, 0],
    span: [directions.span?.[0] ?? UNIT, directions.span?.[1] ?? UNIT],
  };
}

/** α and β are the two parameters themselves, over the loss's domain or else one unit around θ. */
function ownAxes<A extends Vector>(loss: Loss<A>, theta: Vector): Plane<A> {
  const { coordinates, domain } = loss as Partial<OwnPlane>;
  const center: [number, number] = [theta[0]!, theta[1]!];
  const around = center.map((x): Span => [x - 1, x + 1]) as [Span, Span];
  return {
    directions: {
      vectors: [inTypeOf(loss, [1, 0]), inTypeOf(loss, [0, 1])],
      description: 'the axes of its two parameters',
      labels: coordinates ?? ['θ₁', 'θ₂'],
    },
    at: inTypeOf(loss, [0, 0]),
    center,
    span: domain ?? around,
  };
}

/** What an analytic loss knows besides its values. */
interface OwnPlane {
  coordinates: string[];
  domain: [Span, Span];
}

function asDirections(given: Directions | readonly [Vector, Vector]): Directions {
  if (typeof given === 'object' && 'vectors' in given) return given;
  if (!Array.isArray(given))
    throw new TypeError(
      `directions must be two vectors, or such as filterNormalized returns, got ${typeof given}`,
    );
  return { vectors: [...given], description: 'given directions', labels: ['α', 'β'].map(labelOf) };
}

function labelOf(axis: string): string {
  return `${axis} (length of the direction)`;
}
