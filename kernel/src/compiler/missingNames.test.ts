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
  ])('%s gets the help that its author needs', (code, help) => {
    expect(session.problems(code).join()).toContain(help);
  });

  it.each(['zebra()', 'zebra == 1', 'const f = () => zebra', 'const a: zebra = 1', '!zebra'])(
    '%s gets none that is a guess',
    (code) => {
      expect(session.problems(code).join()).toMatch(/^1:\d+ TS2304 Cannot find name 'zebra'\.$/);
    },
  );

  it('of a program called as in IPython is no error of an expression that only begins so', () => {
    expect(session.problems('const flag = true;\n!flag')).toEqual([]);
  });
});
