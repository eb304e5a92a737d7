import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { runMain, SetupError } from './setup/errors.mjs';
import { setup } from './setup/index.mjs';
import { inRoot, jupyterEnvironment, venvBin } from './setup/paths.mjs';
import { cleanEnvironment } from './setup/run.mjs';
import { writeWhole } from './setup/stamp.mjs';

/** `npm run notebooks [-- 03-saddles]`: executes notebooks from top to bottom and writes their outputs back. */
async function notebooks() {
  await setup();
  const wanted = process.argv.slice(2).map((name) => path.basename(name, '.ipynb'));
  const files = FOLDERS.flatMap(notebooksIn);
  const unknown = wanted.find((name) => !files.some((file) => isNamed(file, name)));
  if (unknown) throw new SetupError(`There is no notebook ${unknown}.`, `There are: ${files.join(', ')}`);
  for (const file of files) {
    if (wanted.length > 0 && !wanted.some((name) => isNamed(file, name))) continue;
    const start = performance.now();
    const name = path.basename(file);
    const executed = withoutTraces(execute(forOurKernel(JSON.parse(readFileSync(file, 'utf8'))), name));
    writeWhole(file, `${JSON.stringify(executed, null, 1)}\n`);
    console.log(`✓ ${name}  ${((performance.now() - start) / 1000).toFixed(1)} s`);
  }
}

const KERNELSPEC = { display_name: 'TypeScript (losslab)', language: 'typescript', name: 'losslab' };

/** JupyterLab starts the kernel that a notebook names. @param {{ metadata: object }} notebook */
const forOurKernel = (notebook) => ({
  ...notebook,
  metadata: { ...notebook.metadata, kernelspec: KERNELSPEC },
});

const FOLDERS = ['notebooks', 'docs'];

/** @param {string} folder @returns {string[]} */
const notebooksIn = (folder) =>
  readdirSync(inRoot(folder))
    .filter((name) => name.endsWith('.ipynb'))
    .sort()
    .map((name) => inRoot(folder, name));

/** @param {string} file @param {string} name */
const isNamed = (file, name) => path.basename(file, '.ipynb') === name;

/** @param {object} notebook @param {string} name */
function execute(notebook, name) {
  const task = { kernel: KERNELSPEC.name, timeout: 600, notebook };
  const done = spawnSync(venvBin('python'), [inRoot('tests', 'notebooks', 'execute.py')], {
    cwd: inRoot('notebooks'),
    input: JSON.stringify(task),
    env: { ...cleanEnvironment(), ...jupyterEnvironment() },
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (done.status !== 0) throw new SetupError(`${name} could not be executed.`, done.stderr.slice(-2000));
  const { notebook: executed, replies } = JSON.parse(done.stdout);
  const failed = replies.find((/** @type {{ status: string }} */ reply) => reply.status !== 'ok');
  if (failed) {
    const cell = executed.cells[failed.cell];
    throw new SetupError(
      `${name}: cell ${failed.cell} failed.`,
      JSON.stringify(cell.outputs, null, 1).slice(0, 4000),
    );
  }
  return executed;
}

/** Times of execution, and progress with how long it took, would change a notebook at every run. @param {Notebook} notebook */
function withoutTraces(notebook) {
  for (const cell of notebook.cells) {
    delete cell.metadata.execution;
    if (cell.outputs) cell.outputs = cell.outputs.filter((output) => !isProgress(output));
  }
  return notebook;
}

/** What `jupyter.progress` leaves: `minimize  100 %  910 in 0.3 s`. @param {Output} output */
function isProgress({ output_type, data = {} }) {
  const text = [data['text/plain'] ?? ''].flat().join('');
  return (
    output_type === 'display_data' && Object.keys(data).length === 1 && / in [\d.:]+ (ms|s|min|h)$/.test(text)
  );
}

/** @typedef {{ output_type: string, data?: Record<string, string | string[]> }} Output */
/** @typedef {{ cells: { metadata: { execution?: unknown }, outputs?: Output[] }[] }} Notebook */

await runMain(notebooks);
