import { afterEach, describe, expect, it, vi } from 'vitest';
import { inRoot } from '../../scripts/setup/paths.mjs';
import { execute, failures, notebookOf, printed } from '../../tests/notebooks/execute';
import { FIGURE_MIME, validateFigure } from '../figure';
import { DISPLAY } from './displayable';
import { sharpness } from './figures';
import { show } from './show';

const curve = { rho: [0.01, 0.1, 1], sharpness: [0.0001, 0.01, 1] };
const KERNEL = Symbol.for('jupyter.kernel');

/** What a program writes to stdout while it runs. */
async function stdoutOf(work: () => Promise<void>): Promise<string> {
  const spy = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    await work();
    return spy.mock.calls.map(([text]) => String(text)).join('');
  } finally {
    spy.mockRestore();
  }
}

afterEach(() => {
  delete (globalThis as Record<symbol, unknown>)[KERNEL];
});

describe('show', () => {
  it('prints the text of a figure in plain Node', async () => {
    const text = await stdoutOf(() => show(sharpness(curve)));
    expect(text).toBe(
      'losslab sharpness\nSharpness: worst case in the ball.\n' +
        'ρ (radius of the ball of weights): 0.00794 to 1.26\n' +
        'sharpness: sharpness (rise of the loss) 10⁻⁴ to 1\n',
    );
  });

  it('takes a figure that was JSON once, and anything else that is displayable', async () => {
    const json = JSON.parse(JSON.stringify(sharpness(curve)));
    expect(await stdoutOf(() => show(json))).toContain('losslab sharpness');
    const other = { [DISPLAY]: async () => ({ 'text/plain': 'a table' }) };
    expect(await stdoutOf(() => show(other))).toBe('a table\n');
  });

  it('hands the whole bundle to the losslab kernel where there is one', async () => {
    const shown: unknown[][] = [];
    const kernel = { display: (...args: unknown[]) => shown.push(args) };
    (globalThis as Record<symbol, unknown>)[KERNEL] = kernel;
    expect(await stdoutOf(() => show(sharpness(curve)))).toBe('');
    expect(shown).toEqual([[sharpness(curve)[DISPLAY](), { raw: true }]]);
  });

  it.each([null, undefined, 3, 'figure', {}])('says what can be shown when it gets %s', async (what) => {
    await expect(show(what as never)).rejects.toThrow(TypeError);
    await expect(show(what as never)).rejects.toThrow('show: expected a figure');
  });

  it('names the path of what is wrong in the JSON of a figure', async () => {
    const json = { ...sharpness(curve), version: 3 };
    await expect(show(json as never)).rejects.toThrow('version: expected 1, got 3');
  });

  it('sends one display_data with all three MIME types in the stock tslab kernel', async () => {
    const cells = [
      `import { contour, show } from './dist/display';
const axis = [-1, -0.5, 0, 0.5, 1];
const plane = {
  kind: 'slice2d' as const, alpha: axis, beta: axis,
  values: axis.flatMap((y) => axis.map((x) => 0.1 + x * x + y * y)),
  directions: { vectors: [[1, 0], [0, 1]], description: 'the axes', labels: ['w₁', 'w₂'] },
  at: [0, 0], center: [0, 0] as [number, number],
  loss: { name: 'bowl', samples: 0, parameters: 2 },
};`,
      'await show(contour(plane));',
    ];
    const executed = await execute(notebookOf(cells), { cwd: inRoot('.'), kernel: 'tslab' });
    expect(failures(executed)).toEqual([]);
    const last = executed.notebook.cells[1];
    expect(printed(last)).toBe('');
    expect(last?.outputs?.map(({ output_type }) => output_type)).toEqual(['display_data']);
    const data = last!.outputs![0]!.data!;
    expect(Object.keys(data).sort()).toEqual([FIGURE_MIME, 'image/png', 'text/plain'].sort());
    expect(validateFigure(data[FIGURE_MIME]).kind).toBe('contour');
    expect(String(data['image/png'])).toMatch(/^iVBORw0KGgo/);
    expect([data['text/plain']].flat().join('')).toContain('bowl');
  });
});
