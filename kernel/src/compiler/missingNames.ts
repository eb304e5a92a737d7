/** What helps when a name is not found: mostly it is Python's, or was not imported. */
import { isBuiltin } from 'node:module';
import { helpWithPython } from './pythonNames';

/** "Cannot find name", also with a guess which one was meant. */
export const NO_NAME: ReadonlySet<number> = new Set([2304, 2552, 2580, 2584]);

/** What Python has under these names, here. */
const PYTHON: Readonly<Record<string, string>> = {
  print: 'console.log(…) prints; the last expression of a cell shows itself',
  len: 'the length of an array or text is x.length, the size of a Map or Set x.size',
  input: 'prompt(text) asks, and gives the answer',
  max: 'Math.max(...xs) is the largest number of an array, Math.max(a, b) that of two',
  min: 'Math.min(...xs) is the smallest number of an array, Math.min(a, b) that of two',
  sum: 'xs.reduce((sum, x) => sum + x, 0) adds up an array',
  abs: 'it is Math.abs(x) here',
  round: 'Math.round(x) makes an integer, x.toFixed(2) a text of two decimals',
  pow: 'a power is written x ** y, or Math.pow(x, y)',
  sorted: 'xs.toSorted((a, b) => a - b) is an array in order',
  reversed: 'xs.toReversed() is an array from its end',
  enumerate: 'for (const [i, x] of xs.entries()) { … } counts along',
  zip: 'xs.map((x, i) => [x, ys[i]]) puts two arrays together',
  isinstance: 'it is written x instanceof Thing, or typeof x === "number"',
  type: 'typeof x names what a value is, x.constructor.name its class',
  list: 'Array.from(x) makes an array, [...x] too',
  dict: 'an object is written { key: value }, a map new Map([[key, value]])',
  pass: 'an empty block, { }, does nothing',
  self: 'it is written this here',
  range: 'count with for (let i = 0; i < n; i++), or take Array.from({ length: n }, (_, i) => i)',
  help: 'name? opens what is known of a name',
  exit: 'a kernel is ended from the Kernel menu',
  quit: 'a kernel is ended from the Kernel menu',
  True: 'it is written true here',
  False: 'it is written false here',
  None: 'it is written null here',
  str: 'String(x) makes a text',
  int: 'Math.trunc(x) makes an integer',
  float: 'Number(x) makes a number',
  def: 'a function is written function f(x) { … }',
  elif: 'it is written else if (…) { … } here',
  lambda: 'a function is written (x) => x + 1',
};

/** Programs that are called from IPython with ! before them. */
const SHELL = "programs are run by execSync from 'node:child_process': execSync('ls', { encoding: 'utf8' })";

/** What is called so: `!name` with any other is a condition. */
const PROGRAMS =
  /^(ls|ll|pwd|cd|cat|cp|mv|rm|mkdir|echo|head|tail|grep|find|wget|curl|git|tar|unzip|which|whoami|date|env|python3?|pip3?|conda|node|npm|npx|apt|df|du|ps|kill|nvidia)$/;

/** What a browser has, and a kernel has not. */
const PAGE = /^(document|window|alert|localStorage|sessionStorage|requestAnimationFrame|HTML\w*Element)$/;
const NO_PAGE = "a notebook's kernel has no page: display(jupyter.html`<b>bold</b>`) shows HTML";

/** Where a name stands. */
interface Place {
  text: string;
  start: number;
}

/** @param library The names that losslab exports. */
export function helpWithName(
  name: string,
  place: Place,
  library: () => ReadonlySet<string>,
): string | undefined {
  const before = place.text.slice(0, place.start);
  const after = place.text.slice(place.start + name.length);
  if (PROGRAMS.test(name) && /(^|[\r\n])\s*!$/.test(before)) return SHELL;
  if (/^(npm|pip)$/.test(name)) return SHELL;
  if (Object.hasOwn(PYTHON, name)) return PYTHON[name];
  if (PAGE.test(name)) return NO_PAGE;
  const isType = /:\s*$/.test(before);
  const isAssigned = !isType && /^\s*=(?![=>])/.test(after);
  return isAssigned ? `to declare it, write let ${name} = …` : elsewhere(name, after, library);
}

/** Where the name, or what it means in Python, is to be had. */
function elsewhere(name: string, after: string, library: () => ReadonlySet<string>): string | undefined {
  const python = helpWithPython(name, after);
  if (python !== undefined) return python;
  if (name === 'tf') return "import { tf } from 'losslab' brings TensorFlow.js";
  if (isBuiltin(`node:${name}`)) return `import ${name} from 'node:${name}' brings it`;
  return library().has(name) ? `import { ${name} } from 'losslab' brings it` : undefined;
}
