/** A matrix as rows of numbers. */
export type Matrix = number[][];

/** What makes an analytic surface: f and its first two derivatives, written out by hand. */
export interface Formula {
  name: string;
  /** f as a reader would write it, such as `½(1 − w₁w₂)²`. */
  formula: string;
  /** A good point to start a run from. Its length is the number of parameters. */
  start: number[];
  /** The part of the plane worth drawing. */
  domain: [[number, number], [number, number]];
  value(w: number[]): number;
  gradient(w: number[]): number[];
  hessian(w: number[]): Matrix;
}

export function dot(a: number[], b: number[]): number {
  return a.reduce((sum, ai, i) => sum + ai * b[i]!, 0);
}

export function multiply(matrix: Matrix, v: number[]): number[] {
  return matrix.map((row) => dot(row, v));
}
