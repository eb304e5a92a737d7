import { describe, expect, it } from 'vitest';
import { opOf, placeholder } from '../../../tests/fixtures/graphs';
import type { GraphNode } from './graph';
import { modeOf, rowsForAllCores, workOf } from './mode';

function matMul(rows: number, inner: number, columns: number): GraphNode[] {
  const [a, b] = [placeholder([rows, inner]), placeholder([inner, columns])];
  return [a, b, opOf('MatMul', [a, b], { shape: [rows, columns] })];
}

function convolution(rows: number): GraphNode[] {
  const [x, filter] = [placeholder([rows, 28, 28, 16]), placeholder([3, 3, 16, 32])];
  return [x, filter, opOf('Conv2D', [x, filter], { shape: [rows, 26, 26, 32] })];
}

describe('the mode of a graph', () => {
  it('follows from the multiplications in it', () => {
    expect(workOf(matMul(128, 784, 100))).toBeCloseTo(128 * 784 * 100, -6);
    expect(workOf(convolution(2))).toBeCloseTo(2 * 26 * 26 * 32 * 3 * 3 * 16, -6);
  });

  it('is the calling thread for small graphs and all cores for large ones', () => {
    expect(modeOf(matMul(128, 784, 128))).toMatchObject({ name: 'calling thread', threads: 'one' });
    expect(modeOf(matMul(2000, 784, 128))).toMatchObject({ name: 'all cores', threads: 'all' });
    expect(modeOf(convolution(128))).toMatchObject({ name: 'all cores' });
  });

  it('of a graph for any number of rows changes where the work does', () => {
    const from = rowsForAllCores(matMul(100, 784, 128), 100);
    expect(modeOf(matMul(from + 20, 784, 128)).name).toBe('all cores');
    expect(modeOf(matMul(from - 20, 784, 128)).name).toBe('calling thread');
  });
});
