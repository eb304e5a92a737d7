import { existsSync } from 'node:fs';
import path from 'node:path';
import { inRoot, nodeModules } from './paths.mjs';
import { run } from './run.mjs';
import { hashOf, isDone, markDone, markUndone } from './stamp.mjs';

const stamp = inRoot('node_modules', '.losslab-build');
const outputs = ['dist/index.js', 'kernel/dist/main.js', 'extension/labextension/package.json'].map((file) =>
  inRoot(file),
);

const sources = [
  ...['src', 'kernel/src', 'extension/src', 'extension/style'],
  ...['package.json', 'kernel/package.json', 'extension/package.json'],
  ...[
    'tsconfig.json',
    'tsconfig.base.json',
    'kernel/tsconfig.json',
    'extension/tsconfig.json',
    'package-lock.json',
  ],
].map((file) => inRoot(file));

const notTest = (/** @type {string} */ file) => !file.endsWith('.test.ts');

/** Compiles the three packages (tsc -b) and bundles the JupyterLab extension; skipped while no source has changed. */
export async function build() {
  const inputs = hashOf(sources, notTest);
  if (outputs.every((file) => existsSync(file)) && isDone(stamp, inputs)) return;
  markUndone(stamp);
  // By path: tslab brings a TypeScript of its own that takes over node_modules/.bin/tsc.
  await run(process.execPath, [path.join(nodeModules, 'typescript', 'bin', 'tsc'), '-b'], {
    label: 'Compile the library, the kernel and the extension',
    remedy: "The lines above are the compiler's. Mend the source and run the command again.",
  });
  await bundleExtension();
  markDone(stamp, inputs);
}

async function bundleExtension() {
  const builder = path.join(nodeModules, '@jupyter', 'builder', 'lib', 'build-labextension.js');
  const core = path.join(nodeModules, '@jupyterlab', 'core-meta', 'core.package.json');
  await run(process.execPath, [builder, '--core-package-file', core, '.'], {
    label: 'Bundle the JupyterLab extension',
    cwd: inRoot('extension'),
    remedy: "The lines above are the bundler's. Mend the source and run the command again.",
  });
}
