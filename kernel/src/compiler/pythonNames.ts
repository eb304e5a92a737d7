/** What helps with names that Python's modules have, or that are those modules. */

/** What is done with a module of Python, here. */
const MODULES: Readonly<Record<string, string>> = {
  math: 'it is Math here: Math.sqrt(x), Math.PI',
  np: "its arrays are tensors here: import { tf } from 'losslab', then tf.zeros([2, 3]), tf.linspace(0, 1, 5)",
  plt: "import { show } from 'losslab' draws losses along lines and planes; other plots are jupyter.svg`…` here",
  pd: 'an array of objects, [{ a: 1 }, { a: 2 }], shows itself as a table',
  random: 'Math.random() is a number from 0 to 1',
  os: "files are fs of 'node:fs' and paths are path of 'node:path' here; import os from 'node:os' knows the machine",
  sys: 'it is process here: process.version, process.argv',
  time: 'Date.now() is the time in milliseconds, performance.now() a more exact one',
};
const SAME: Readonly<Record<string, string>> = { numpy: 'np', matplotlib: 'plt', pandas: 'pd' };

/** What IPython keeps. */
const RESULT = /^(_{1,3}|_\d+|Out|In)$/;

/** @param after What follows the name. */
export function helpWithPython(name: string, after: string): string | undefined {
  const member = /^\.(\w+)/.exec(after)?.[1];
  if (name === 'math' && member !== undefined) return mathOf(member) ?? MODULES.math;
  const module = SAME[name] ?? name;
  if (Object.hasOwn(MODULES, module)) return MODULES[module];
  if (RESULT.test(name)) {
    const lodash = name === '_' ? "; lodash's is import _ from 'lodash'" : '';
    return `a cell's result is kept by a name: const result = …${lodash}`;
  }
  if (name === 'log') return 'Math.log(x) is the natural logarithm, console.log(x) prints';
  return mathOf(name);
}

/** `sqrt`, `pi`. */
function mathOf(name: string): string | undefined {
  const here = [name, name === 'pi' ? 'PI' : name].find((one) => Object.hasOwn(Math, one));
  return here && `it is Math.${here} here`;
}
