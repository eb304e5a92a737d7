import { checkLoss, type Loss } from '../loss';
import { checkPoint } from '../params';
import { checkSeed } from '../random';
import type { Vector } from '../vector';

/** What both measures of sharpness ask of their arguments. */
export function checkArguments(
  loss: Loss,
  theta: Vector,
  { steps, starts, seed }: { steps: number; starts: number; seed: number },
): void {
  checkLoss(loss);
  checkPoint(loss.layout, theta);
  checkCount('steps', steps);
  checkCount('starts', starts);
  checkSeed(seed);
}

/** Throws where there is no loss to compare with. */
export function checkBase(base: number): void {
  if (Number.isFinite(base)) return;
  throw new RangeError(`the loss at theta must be finite to measure its sharpness, got ${base}`);
}

export function checkRho(rho: number): void {
  if (Number.isFinite(rho) && rho >= 0) return;
  throw new RangeError(`rho must be a finite number >= 0, got ${rho}`);
}

function checkCount(name: string, count: number): void {
  if (Number.isInteger(count) && count >= 1) return;
  throw new RangeError(`${name} must be a whole number >= 1, got ${count}`);
}
