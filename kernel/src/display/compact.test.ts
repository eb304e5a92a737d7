import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { inspectCompact } from './compact';

const numbers = (length: number) => Array.from({ length }, (_, at) => 0.1234567890123 + at);
const points = (length: number) => Array.from({ length }, (_, step) => ({ step, theta: numbers(100) }));

describe('a value that is shown', () => {
  it.each<[string, unknown]>([
    ['a hundred numbers', numbers(100)],
    ['a small object', { a: { b: { c: [1, 2, 3] } } }],
    ['a long text', 'x'.repeat(9000)],
  ])('%s stands as Node shows it', (_name, value) => {
    expect(inspectCompact(value, 4)).toBe(inspect(value, { depth: 4 }));
  });

  it('that would fill pages shows less of its arrays, and still each of its properties', () => {
    const text = inspectCompact({ theta: numbers(100), loss: 0.5, trajectory: points(100) }, 4);
    expect(text.length).toBeLessThan(8000);
    expect(text).toContain('... 94 more items');
    expect(text).toContain('loss: 0.5');
    expect(text).toContain('{\n      step: 5');
  });

  it('with a long text keeps its levels and cuts the text', () => {
    const text = inspectCompact({ page: 'x'.repeat(9000), a: { b: { c: { d: 1 } } } }, 4);
    expect(text).toContain('... 8500 more characters');
    expect(text).toContain('d: 1');
  });

  it('with much in many levels shows fewer of them', () => {
    const leaf = () => Object.fromEntries(numbers(100).map((value, at) => [`k${at}`, value]));
    const text = inspectCompact(
      { a: { b: Object.fromEntries(numbers(50).map((v) => [`at${v}`, leaf()])) } },
      4,
    );
    expect(text.length).toBeLessThan(8000);
    expect(text).toMatch(/b: \{\n.*: \[Object\]/);
  });
});
