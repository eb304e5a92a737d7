import { describe, expect, it } from 'vitest';
import { TestSession } from '../../../tests/kernel/cells';
import { Scripts } from '../session/errors/scripts';
import { isComplete } from './isComplete';

const session = new TestSession('/');

describe('a cell that is an object', () => {
  it.each([
    ['{ a: 1 }', { a: 1 }],
    ['{ a: 1, "b-c": 2 }', { a: 1, 'b-c': 2 }],
    ['// what it is\n{\n  a: 1, // one\n} // and more', { a: 1 }],
    ['{ ...{ a: 1 }, get b() { return 2; } }', { a: 1, b: 2 }],
    ['{ a: await Promise.resolve(3) }', { a: 3 }],
  ])('%s shows it', async (code, value) => {
    expect(await session.value(code)).toEqual(value);
    expect(isComplete(code)).toEqual({ status: 'complete' });
  });

  it('has the variables of others, and leaves none behind', async () => {
    await session.run('let one = 1; const two = { deep: 2 };');
    expect(await session.value('{ one, two: two.deep, set: (one = 5) }')).toEqual({ one: 1, two: 2, set: 5 });
    expect(await session.value('one')).toBe(5);
    expect(session.problems('set')).toHaveLength(1);
  });

  it.each([
    ['{}', undefined],
    ['{ a: 1 };', undefined],
    ['{ let block = 1; block }', undefined],
    ['{ a: 1 }\n2', 2],
    ['{ a: for (const x of [1]) break a; }', undefined],
    ['function f() {}\n{ f()\n{ 1 } }', undefined],
    ['{ g() }', undefined],
    ['{ if (yes) { seen = 7 } }', undefined],
    ['{ while (yes) { yes = false } }', undefined],
    ['{ seen = 5 }', undefined],
  ])('%s is none', async (code, value) => {
    await session.run('let seen = 0; let yes = true; const g = () => 4;');
    expect(await session.value(code)).toEqual(value);
  });

  it('names the line and column of a mistake', () => {
    expect(session.problems('{ a: 1, b: zebra }')).toEqual(["1:12 TS2304 Cannot find name 'zebra'."]);
    expect(session.problems('{\n  a: 1,\n  b: zebra\n}')).toEqual(["3:6 TS2304 Cannot find name 'zebra'."]);
    const reply = session.compile('// words\n{ a: 1, b: zebra }');
    expect(reply.ok || reply.text).toContain('{ a: 1, b: zebra }');
    expect(session.problems('{ a: 1, b: }').join()).toMatch(/^1:/);
  });

  it.each([0, 1, 14, 15, 16, 40, 600])('is found where it runs, with %i lines before it', (lines) => {
    const reply = session.compile(`${'\n'.repeat(lines)}{ a: 1, b:\n  JSON.parse('?') }`);
    if (!reply.ok) throw new Error(reply.text);
    const { cell } = reply;
    const scripts = new Scripts();
    scripts.remember(cell, 1);
    const at = cell.script.split('\n').findIndex((line) => line.includes('JSON'));
    const column = cell.script.split('\n')[at]!.indexOf('JSON');
    expect(scripts.find(cell.file, at + 1, column + 1)).toMatchObject({ line: lines + 2, column: 3 });
  });
});
