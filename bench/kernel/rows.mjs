/** @typedef {import('./contenders.mjs').Name} Name */

/**
 * A row: what is asked of each kernel. Who has no cell in `cells` is not asked.
 * @typedef {object} Row
 * @property {string} title
 * @property {string} work what kernel_work.py calls it
 * @property {Partial<Record<Name, string>>} cells
 * @property {Partial<Record<Name, string>>} [before] a cell that comes first, once
 * @property {Record<string, unknown>} [options] more for the driver
 * @property {Record<string, string>} [env] for our kernel
 * @property {boolean} [snapshot] ours may take the snapshot that an earlier start has built
 * @property {number} [limit] ours takes at most so many seconds, or megabytes
 * @property {Partial<Record<Name, number>>} [targets] our time over theirs
 * @property {'MB'} [unit]
 * @property {number} rounds
 */

/** The same cell for all kernels whose language is TypeScript. @param {string} cell */
const typescript = (cell) => ({ losslab: cell, tslab: cell, deno: cell });

/** @param {string} typed @param {string} python @returns {Row['cells']} */
const both = (typed, python) => ({ ...typescript(typed), ipykernel: python });

const FIRST = both('const x: number = 1; x + 1', 'x: int = 1; x + 1');

const TYPED = both(
  `interface Point{n} { x: number; y: number }
function length{n}(p: Point{n}): number { return Math.hypot(p.x, p.y); }
length{n}({ x: 3, y: {n} })`,
  `import math
from dataclasses import dataclass
@dataclass
class Point{n}:
    x: float
    y: float
def length{n}(p: Point{n}) -> float:
    return math.hypot(p.x, p.y)
length{n}(Point{n}(3, {n}))`,
);

const IMPORT = "import { lossFrom, tf } from 'losslab';";
const LIBRARY = `function norm{n}(v: tf.Tensor): number { return tf.norm(v).dataSync()[0] ?? 0; }
norm{n}(tf.tensor1d([3, {n}]))`;

/** Of the two kernels that run the library. @param {string} cell */
const ours = (cell) => ({ losslab: cell, tslab: cell });

const SECONDS = 2;
const COMPUTES = both(
  `{ const end = Date.now() + ${1000 * SECONDS}; while (Date.now() < end); }`,
  `import time
end = time.time() + ${SECONDS}
while time.time() < end: pass`,
);

const DISPLAYS = 10_000;
const LINES = 1_000_000;
const LINE_BYTES = 100;

/** A line's number between two #, and x up to 100 bytes with the line's end. */
const PRINTS = both(
  `const filler = 'x'.repeat(${LINE_BYTES});
for (let i = 0; i < ${LINES}; i++) console.log(('#' + i + '#' + filler).slice(0, ${LINE_BYTES - 1}));`,
  `filler = 'x' * ${LINE_BYTES}
for i in range(${LINES}): print(f'#{i}#{filler}'[:${LINE_BYTES - 1}])`,
);

/** @param {string} channel @param {string} title @returns {Row} */
const answering = (channel, title) => ({
  title,
  work: 'answer',
  cells: COMPUTES,
  options: { channel, seconds: SECONDS, times: 20 },
  limit: 0.02,
  rounds: 3,
});

/** @type {Row[]} */
export const ROWS = [
  { title: 'start to ready', work: 'ready', cells: FIRST, limit: 0.4, rounds: 5 },
  { title: 'start to the first typed cell done', work: 'first cell', cells: FIRST, limit: 1.3, rounds: 5 },
  {
    title: 'start to the first typed cell done, snapshot',
    work: 'first cell',
    cells: FIRST,
    snapshot: true,
    limit: 0.6,
    rounds: 5,
  },
  {
    title: 'an unchanged 1+1',
    work: 'cell',
    cells: both('1+1', '1+1'),
    options: { times: 20 },
    limit: 0.003,
    rounds: 7,
  },
  {
    title: 'a new 1+<n>',
    work: 'cell',
    cells: both('1+{n}', '1+{n}'),
    options: { times: 20 },
    limit: 0.015,
    rounds: 7,
  },
  { title: 'a typed cell', work: 'cell', cells: TYPED, options: { times: 10 }, limit: 0.03, rounds: 7 },
  {
    title: 'a typed cell, losslab imported',
    work: 'cell',
    cells: ours(LIBRARY),
    before: ours(IMPORT),
    options: { times: 5 },
    limit: 0.08,
    rounds: 5,
  },
  {
    title: 'completion',
    work: 'complete',
    cells: both('Math.flo', 'math.flo'),
    before: { ipykernel: 'import math' },
    options: { times: 10, expect: 'floor' },
    limit: 0.02,
    rounds: 7,
  },
  {
    title: 'completion, losslab imported',
    work: 'complete',
    cells: ours('const kernel = tf.conv2'),
    before: ours(IMPORT),
    options: { times: 5, expect: 'conv2d' },
    limit: 0.05,
    rounds: 5,
  },
  answering('heartbeat', 'slowest heartbeat while a cell computes'),
  answering('control', 'slowest answer on control while a cell computes'),
  answering('shell', 'slowest comm_info while a cell computes'),
  {
    title: '10,000 display messages',
    work: 'volume',
    cells: {
      losslab: `for (let i = 0; i < ${DISPLAYS}; i++) display({ 'text/plain': '#' + i + '#' }, { raw: true });`,
      tslab: `for (let i = 0; i < ${DISPLAYS}; i++) tslab.display.text('#' + i + '#');`,
      ipykernel: `for i in range(${DISPLAYS}): display({'text/plain': f'#{i}#'}, raw=True)`,
      deno: `for (let i = 0; i < ${DISPLAYS}; i++) await Deno.jupyter.display({ 'text/plain': '#' + i + '#' }, { raw: true });`,
    },
    before: { tslab: "import * as tslab from 'tslab';" },
    options: { kind: 'display', count: DISPLAYS },
    targets: { ipykernel: 1 },
    rounds: 3,
  },
  {
    title: '100 MB of output in a million lines',
    work: 'volume',
    cells: PRINTS,
    options: { kind: 'stream', count: LINES, bytes: LINES * LINE_BYTES },
    env: { LOSSLAB_KERNEL_OUTPUT_LIMIT: '1000' },
    targets: { ipykernel: 1 },
    rounds: 3,
  },
  {
    title: 'memory of all processes after 1+1',
    work: 'memory',
    cells: both('1+1', '1+1'),
    options: { settle: 1 },
    unit: 'MB',
    limit: 230,
    rounds: 3,
  },
  {
    title: 'memory of all processes after 1+1, snapshot',
    work: 'memory',
    cells: both('1+1', '1+1'),
    options: { settle: 1 },
    snapshot: true,
    unit: 'MB',
    limit: 230,
    rounds: 3,
  },
];
