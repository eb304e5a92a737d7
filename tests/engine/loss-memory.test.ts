import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LeftBehind } from './loss-memory-run';

/** Megabytes by which a process may grow. */
const GROWTH = 20;

let left: Record<string, LeftBehind>;
beforeAll(async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--expose-gc',
    '-r',
    path.join(__dirname, 'typescript.cjs'),
    path.join(__dirname, 'loss-memory-run.ts'),
  ]);
  left = JSON.parse(stdout) as typeof left;
});

describe('a loss leaves nothing behind', () => {
  it('after 20,000 calls of every kind', () => {
    expect(left.calls).toMatchObject({ tensors: 0, graphs: 0, failed: 0 });
    expect(left.calls?.resident).toBeLessThan(GROWTH);
  });

  it('after 200 calls that failed, before, inside and after tracing', () => {
    expect(left.failures).toMatchObject({ tensors: 0, failed: 200 });
    expect(left.failures?.graphs).toBeLessThanOrEqual(0);
    expect(left.failures?.resident).toBeLessThan(GROWTH);
  });

  it('after 200 trainings, of which some are aborted and some traced', () => {
    expect(left.trainings).toMatchObject({ tensors: 0, failed: 28 });
    expect(left.trainings?.graphs).toBeLessThanOrEqual(0);
    expect(left.trainings?.resident).toBeLessThan(GROWTH);
  });

  it('when it is forgotten: its data and its graphs are freed', () => {
    expect(left.forgotten).toMatchObject({ tensors: 0, failed: 0 });
    expect(left.forgotten?.graphs).toBeLessThanOrEqual(0);
    expect(left.forgotten?.resident).toBeLessThan(GROWTH);
  });
});
