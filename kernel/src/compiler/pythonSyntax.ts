/** What helps when a cell is no TypeScript: mostly it is what Python or IPython would read. */
import type { Problem } from '../places/compiled';

/** Lines that Python reads, and what does the same here. The first that fits. */
const PYTHON: readonly (readonly [line: RegExp, here: string])[] = [
  [
    /^\s*[%!#](?![!\w]*\s*[=(])/,
    "Lines with %, ! and # are Python's: comments begin with //, programs are run by execSync of node:child_process.",
  ],
  [
    /^\s*(pip|conda|npm|npx|git)\s+\w/,
    "Programs are run by execSync of node:child_process: execSync('npm i mathjs', { encoding: 'utf8' }).",
  ],
  [/^\s*(async\s+)?def\s+\w+\s*\(/, 'A function is written function f(x) { … }.'],
  [/\blambda\b[^:]*:/, 'A function without a name is written (x) => x + 1.'],
  [
    /^\s*from\s+\S+\s+import\b/,
    "What a package exports is imported by name: import { mean } from 'mathjs'; all of it: import * as math from 'mathjs'.",
  ],
  [
    /^\s*import\s+[\w.]+(\s+as\s+\w+)?\s*;?\s*$/,
    "A package is imported whole by import * as math from 'mathjs'.",
  ],
  [
    /^\s*class\s+\w+\s*(\([^)]*\))?\s*:/,
    'A class is written class Cat extends Animal { constructor(name) { super(); this.name = name; } }.',
  ],
  [/^\s*\}?\s*elif\b/, 'It is written } else if (x > 1) { … here.'],
  [/^\s*print\s+[\w"'`(]/, 'console.log(…) prints.'],
  [/^\s*del\s+\w/, 'delete object.key takes a property away; a variable lets go by x = undefined.'],
  [/^\s*raise\b/, "An error is thrown by throw new Error('why')."],
  [/\bis (not )?None\b/, 'It is compared by x === null, or x == null for undefined too.'],
  [/^\s*while\s+(True|1)\s*:/, 'A loop without an end is while (true) { … }, and break leaves it.'],
  [
    /^\s*(if|elif|else|for|while|try|except|finally)\b[^{]*:\s*(#.*)?$/,
    'Conditions stand in brackets and blocks in braces: if (x > 1) { … }, for (const x of xs) { … }.',
  ],
  [/\[.*\bfor\b.*\bin\b.*\]/, 'A list is made of another by xs.map((x) => 2 * x), xs.filter((x) => x > 1).'],
  [/^[^"'`]*(^|[\s=(,])[fr]["']/, `Values stand in texts between backticks: \`x is \${x}\`.`],
  [/[;)\]\w'"]\s+#/, 'Comments begin with //.'],
  [
    /^\s*\{\s*["']?\w+["']?\s*:/,
    'An object that is to be shown stands in brackets: ({ a: 1 }). Where it is not all of its cell it is a block without them.',
  ],
  [
    /^\s*\?{1,2}\s*[\w$.]+\s*;?\s*$/,
    'What is known of a name is opened by the name and a ? behind it: display?',
  ],
  [/[“”„‘’]/, 'These are quotes of prose: in code they are straight, \' or ".'],
];

/** Words that Python has in the middle of an expression: where one stands the parser stops. */
const WORDS: readonly (readonly [word: RegExp, here: string])[] = [
  [/(?<=[\w)\]'"]\s+)if\b.*\belse\b/y, 'One of two values is condition ? a : b.'],
  [
    /(?<=[\w\])]\[[^\]?]*):[^\]]*\]/y,
    'A part of an array or text is xs.slice(1, 3), its last items xs.slice(-3).',
  ],
  [/(and|or|not)\s+\S/y, 'Conditions are joined by && and ||, and turned by !.'],
];

/** @param problems The parser's. */
export function helpWithSyntax(code: string, problems: readonly Problem[]): string | undefined {
  const lines = code.split(/\r\n|[\r\n\u2028\u2029]/);
  for (const { line, column } of problems) {
    const text = lines[line - 1] ?? '';
    const known =
      PYTHON.find(([python]) => python.test(text)) ?? WORDS.find(([word]) => isAt(word, text, column));
    if (known !== undefined) return known[1];
  }
  return undefined;
}

function isAt(word: RegExp, text: string, column: number): boolean {
  word.lastIndex = column - 1;
  return word.test(text);
}
