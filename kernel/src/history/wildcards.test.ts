import { describe, expect, it } from 'vitest';
import { fits } from './wildcards';

describe('a pattern with wildcards', () => {
  it.each([
    ['*', '', true],
    ['*', 'a\nb', true],
    ['', '', true],
    ['', 'a', false],
    ['a', 'a', true],
    ['a', 'ab', false],
    ['a*', 'abc', true],
    ['*c', 'abc', true],
    ['*b*', 'abc', true],
    ['*b', 'abc', false],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['a*?c', 'ac', false],
    ['a*b*c', 'a-b-b-c', true],
    ['*ab', 'aab', true],
    ['**', 'x', true],
    ['a.c', 'abc', false],
    ['(*', '(x', true],
    ['[a]', 'a', false],
    ['A*', 'abc', false],
  ])('%j with %j: %s', (pattern, text, expected) => {
    expect(fits(pattern, text)).toBe(expected);
  });

  it('takes no time that grows with the number of its stars', () => {
    const started = performance.now();
    expect(fits(`${'*a'.repeat(50)}b`, 'a'.repeat(20_000))).toBe(false);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
