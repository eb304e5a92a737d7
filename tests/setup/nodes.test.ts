import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { tslabSpec } from '../../kernel/src/tslab';
import { inRoot } from '../../scripts/setup/paths.mjs';
import { validateFigure } from '../../src/figure';
import { execute, failures, notebookOf, printed } from '../notebooks/execute';
import { temporaryFolder } from './checkout';
import { canFetchNodes, nodeProgram } from './nodes';

const FIGURE = 'application/vnd.losslab.figure.v1+json';
const PNG = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const BACKEND = process.env.LOSSLAB_BACKEND ?? 'tensorflow';

/** The present Node, and those that npm has a program of for this system. */
const versions = [
  { major: Number(process.versions.node.split('.')[0]), program: async () => process.execPath },
  ...(canFetchNodes ? [22, 24, 26] : []).map((major) => ({ major, program: () => nodeProgram(major) })),
];

/** f(w) = w₀² + w₁² at (1, -3): the value 10 and the gradient (2, -6), and its slice as a figure. */
const PROGRAM = `
  const { contour, lossFrom, lossSlice2D, ready, tf, toMimeBundle } = require('losslab');
  (async () => {
    await ready();
    const loss = lossFrom(({ w }) => w.square().sum(), { w: [2] });
    const { value, gradient } = await loss.gradient(Float32Array.of(1, -3));
    const bundle = toMimeBundle(contour(await lossSlice2D(loss, Float32Array.of(0, 0), { points: 5 })));
    const { node } = process.versions;
    console.log(JSON.stringify({ node, backend: tf.getBackend(), value, gradient: [...gradient], bundle }));
  })();`;

const CELLS = [
  "import { analytic, contour, lossSlice2D, show } from 'losslab';",
  'console.log(process.versions.node);\nshow(contour(await lossSlice2D(analytic.saddle(), [0, 0], { points: 5 })));',
];

/** A kernelspec of the stock kernel under another Node, in a folder for JUPYTER_PATH. */
function kernelUnder(program: string): { kernel: string; env: { JUPYTER_PATH: string } } {
  const folder = temporaryFolder();
  const spec = tslabSpec(inRoot());
  const kernel = path.join(folder, 'kernels', 'tslab-other-node');
  mkdirSync(kernel, { recursive: true });
  const argv = [program, ...spec.argv.slice(1)];
  writeFileSync(path.join(kernel, 'kernel.json'), JSON.stringify({ ...spec, argv }));
  return { kernel: 'tslab-other-node', env: { JUPYTER_PATH: folder } };
}

const startsWith = (major: number) => expect.stringMatching(new RegExp(`^${major}\\.`));

describe.each(versions)('under Node $major', ({ major, program: find }) => {
  let program = '';

  beforeAll(async () => {
    program = await find();
  });

  it('the library computes on the native backend and draws', () => {
    const text = execFileSync(program, ['-e', PROGRAM], { cwd: inRoot('notebooks'), encoding: 'utf8' });
    const { bundle, ...numbers } = JSON.parse(text);
    expect(numbers).toEqual({ node: startsWith(major), backend: BACKEND, value: 10, gradient: [2, -6] });
    expect(Buffer.from(bundle['image/png'], 'base64').subarray(0, PNG.length)).toEqual(PNG);
  });

  it('a cell of the tslab kernel imports the library and shows a figure', async () => {
    const done = await execute(notebookOf(CELLS), kernelUnder(program));
    expect(failures(done)).toEqual([]);
    const cell = done.notebook.cells[1];
    expect(printed(cell).trim()).toEqual(startsWith(major));
    const shown = (cell?.outputs ?? []).map(({ data }) => data?.[FIGURE]).filter(Boolean);
    expect(shown).toHaveLength(1);
    expect(() => validateFigure(shown[0] as never)).not.toThrow();
  });
});
