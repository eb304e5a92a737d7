import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Results } from './loss-on-backend';

interface Printed {
  backend: string;
  results: Record<string, Results>;
  refusals: string[];
  warnings: string;
}

const run = promisify(execFile);

async function on(backend: string): Promise<Printed> {
  const { stdout, stderr } = await run(
    process.execPath,
    ['-r', path.join(__dirname, 'typescript.cjs'), path.join(__dirname, 'loss-on-backend.ts')],
    { env: { ...process.env, LOSSLAB_BACKEND: backend }, maxBuffer: 2 ** 26 },
  );
  return { ...(JSON.parse(stdout) as Printed), warnings: stderr };
}

/** The largest difference, as a part of the largest number. */
function difference(found: readonly number[], wanted: readonly number[]): number {
  expect(found).toHaveLength(wanted.length);
  const scale = wanted.reduce((most, x) => Math.max(most, Math.abs(x)), Number.MIN_VALUE);
  return wanted.reduce((most, x, i) => Math.max(most, Math.abs(x - (found[i] as number))), 0) / scale;
}

let native: Printed;
let again: Printed;
const others: Record<string, Printed> = {};
beforeAll(async () => {
  // Two at once: they also must not disturb each other.
  [native, again] = await Promise.all([on('tensorflow'), on('tensorflow')]);
  [others.cpu, others.wasm] = await Promise.all([on('cpu'), on('wasm')]);
});

describe('a loss on the native backend', () => {
  it('gives the same bits in two processes that run at once', () => {
    expect(native.backend).toBe('tensorflow');
    expect(again.results).toEqual(native.results);
  });

  it('trains, and what it gives is finite', () => {
    for (const [name, results] of Object.entries(native.results)) {
      expect(Object.values(results).flat().every(Number.isFinite), name).toBe(true);
      const history = results['sgd: history'];
      if (history !== undefined) expect(history).toHaveLength(32);
    }
  });
});

describe.each(['cpu', 'wasm'])('a loss on %s', (backend) => {
  it('is the native one to float32 rounding: values, derivatives, slices, training with its draws', () => {
    const here = others[backend] as Printed;
    expect(here.backend).toBe(backend);
    const apart = Object.entries(native.results).flatMap(([name, results]) =>
      Object.entries(results).map(([what, numbers]) => ({
        what: `${name}: ${what}`,
        by: difference(here.results[name]?.[what] ?? [], numbers),
      })),
    );
    // 32 steps of training carry rounding on: 2e-6 of the largest number was measured.
    expect(apart.filter(({ by }) => !(by < 5e-6))).toEqual([]);
    expect(apart.length).toBeGreaterThan(100);
  });
});

describe('WebAssembly', () => {
  it('names the kernel it lacks and what to do, whatever asks, and leaves no tensor behind', () => {
    const { refusals, warnings } = others.wasm as Printed;
    const said = refusals.slice(0, -1);
    expect(said).toHaveLength(5);
    for (const message of said)
      expect(message).toMatch(/kernel Complex, which wasm lacks: .*npm run setup.*LOSSLAB_BACKEND=cpu/);
    expect(refusals.at(-1)).toBe('0 tensors left behind');
    expect(warnings).toMatch(/runs on the WebAssembly backend: the same results/);
  });
});
