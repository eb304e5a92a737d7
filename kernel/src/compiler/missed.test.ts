import { describe, expect, it } from 'vitest';
import { TestSession } from '../../../tests/kernel/cells';

const session = new TestSession('/');
const help = (code: string): string => session.problems(code).join();

describe('a name of a cell that has an error', () => {
  it('comes with what declares it, and why that is not there', () => {
    session.problems('const five = 5;\nconst wrong: string = five;');
    expect(help('five + 1')).toContain('did not run, as it has an error, declares it: const five = 5;');
    session.problems('function half(x: number) {\n  return x / ;\n}');
    expect(help('half(3)')).toContain('declares it: function half(x: number) {');
    session.problems(`const [long] = [${'1, '.repeat(100)}];\nzebra`);
    expect(help('long')).toMatch(/declares it: const \[long\] = .{40,60}…$/);
  });

  it('that ended before it came there is told so', async () => {
    const reply = session.compile('const before = 1;\nif (before) throw 1;\nconst after = 2;');
    if (reply.ok) session.compiler.commit(reply.cell.id, ['before']);
    expect(session.problems('before')).toEqual([]);
    expect(help('after')).toContain('ended before it came there declares it: const after = 2;');
  });

  it('is told at its first use alone, as all are mended at one place', () => {
    session.problems("import lodash, { merge } from 'lodash-is-not-here';");
    const problems = session.problems('lodash.a(lodash.b);\nmerge(lodash.c, merge);');
    expect(problems.map((problem) => problem.split(' ', 1)[0])).toEqual(['1:1', '2:1']);
    for (const problem of problems) expect(problem).toContain('declares it: import lodash, { merge } from');
  });

  it.each([
    ['import math', 'math.sqrt(4)', 'it is Math.sqrt here'],
    ['import math\nx = 3', 'math.sqrt(4)', 'it is Math.sqrt here'],
    ['from math import sqrt', 'sqrt(4)', 'it is Math.sqrt here'],
    ['import numpy as np', 'np.zeros(3)', 'tf.zeros'],
  ])('that reads %j has declared nothing', (code, use, hint) => {
    session.problems(code);
    expect(help(use)).toContain(hint);
    expect(help(use)).not.toContain('declares it');
  });

  it('is no news when another cell has declared it', async () => {
    session.problems('const mended = zebra;');
    await session.run('const mended = 2;');
    expect(await session.value('mended')).toBe(2);
    expect(help('zebra')).toBe("1:1 TS2304 Cannot find name 'zebra'.");
  });
});
