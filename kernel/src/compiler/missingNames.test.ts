import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { TestSession } from '../../../tests/kernel/cells';

const session = new TestSession('/');

describe('a name that is not found', () => {
  it.each([
    ['print(1)', 'console.log(…) prints'],
    ['len([1])', 'x.length'],
    ['const a = True', 'true'],
    ['const name = input("Who? ")', 'prompt(text) asks'],
    ['max([1, 2])', 'Math.max(...xs)'],
    ['min(1, 2)', 'Math.min(a, b)'],
    ['sum([1, 2])', 'xs.reduce('],
    ['abs(-1)', 'Math.abs(x)'],
    ['round(1.234, 2)', 'x.toFixed(2)'],
    ['for (const [i, x] of enumerate([1])) i', 'xs.entries()'],
    ['isinstance(1, Number)', 'instanceof'],
    ['pass', 'an empty block'],
    ['1;\n!ls', 'execSync'],
    ['tf.scalar(1)', "import { tf } from 'losslab'"],
    ["path.join('a', 'b')", "import path from 'node:path'"],
    ['x = 5', 'let x = …'],
    ['sqrt(4)', 'it is Math.sqrt here'],
    ['const a = sin(1) * exp(2)', 'it is Math.exp here'],
    ['floor = 3', 'let floor = …'],
    ['log(2)', 'Math.log(x) is the natural logarithm'],
    ['2 * pi', 'it is Math.PI here'],
    ['math.sqrt(4)', 'it is Math.sqrt here'],
    ['math.pi', 'it is Math.PI here'],
    ['math.radians(4)', 'it is Math here'],
    ['np.zeros(3)', 'tf.zeros'],
    ['numpy.zeros(3)', 'tf.zeros'],
    ['plt.plot([1])', 'show'],
    ['pd.DataFrame([])', 'shows itself as a table'],
    ['random.random()', 'Math.random()'],
    ["os.listdir('.')", "fs of 'node:fs'"],
    ['sys.version', 'process.version'],
    ['time.time()', 'Date.now()'],
    ['_', 'const result = …'],
    ['Out[1]', 'const result = …'],
    ['document.title', 'has no page: display(jupyter.html'],
    ['alert(1)', 'has no page'],
    ['let a: HTMLElement', 'has no page'],
  ])('%s gets the help that its author needs', (code, help) => {
    expect(session.problems(code).join()).toContain(help);
  });

  it.each(['zebra()', 'zebra == 1', 'const f = () => zebra', 'const a: zebra = 1', '!zebra'])(
    '%s gets none that is a guess',
    (code) => {
      expect(session.problems(code).join()).toMatch(/^1:\d+ TS2304 Cannot find name 'zebra'\.$/);
    },
  );

  it('that a page would have is told nothing of the settings of TypeScript', () => {
    expect(session.problems('document.title')[0]).toMatch(/^1:1 TS2584 Cannot find name 'document'\.\n/);
  });

  it('that losslab exports is told the import', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'losslab-names-'));
    const library = path.join(folder, 'node_modules', 'losslab');
    mkdirSync(library, { recursive: true });
    writeFileSync(path.join(library, 'index.d.ts'), "export { type Run, minimize } from './optim';");
    const beside = new TestSession(folder);
    expect(beside.problems('minimize(1)').join()).toContain("import { minimize } from 'losslab' brings it");
    expect(beside.problems('let run: Run').join()).toContain("import { Run } from 'losslab' brings it");
    for (const name of ['optim', 'type', 'zebra'])
      expect(beside.problems(`${name}(1)`).join()).not.toContain('brings it');
    rmSync(folder, { recursive: true });
  });

  it('is helped with once in a cell, and told each time it is used', () => {
    const [first, ...rest] = session.problems('sqrt(1) + sqrt(2) + sqrt(3) + floor(4)');
    expect(first).toContain('it is Math.sqrt here');
    expect(rest.map((problem) => problem.includes('Math.sqrt'))).toEqual([false, false, false]);
    expect(rest.at(-1)).toContain('it is Math.floor here');
  });

  it('of a program called as in IPython is no error of an expression that only begins so', () => {
    expect(session.problems('const flag = true;\n!flag')).toEqual([]);
  });
});
