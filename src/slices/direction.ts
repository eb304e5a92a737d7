import { inTypeOf } from '../directions/arithmetic';
import type { Loss } from '../loss';
import { checkPoint } from '../params';
import type { Vector } from '../vector';

/** The direction in the array type of the loss; a zero one, along which nothing moves, is refused. */
export function directionOf<A extends Vector>(loss: Loss<A>, vector: unknown, what: string): A {
  checkPoint(loss.layout, vector, what);
  const direction = inTypeOf(loss, vector);
  if (direction.some((x) => x !== 0)) return direction;
  throw new RangeError(`${what} must not be zero`);
}
