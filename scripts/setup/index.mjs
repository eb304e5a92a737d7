import { build } from './build.mjs';
import { installIntoVenv } from './install.mjs';
import { withLock } from './lock.mjs';
import { checkCompiler, installNative } from './native.mjs';
import { checkNode, installNodePackages } from './node.mjs';
import { installTranslator } from './papermill.mjs';
import { findPython, installPythonPackages } from './python.mjs';

/** Everything from a bare clone to a JupyterLab that could start; each step is skipped when it is done. */
export async function setup() {
  checkNode();
  findPython();
  checkCompiler();
  await withLock(async () => {
    await installNodePackages();
    await installPythonPackages();
    await installTranslator();
    await installNative();
    await build();
    installIntoVenv();
  });
}
