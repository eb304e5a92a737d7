import { describe, expect, it } from 'vitest';
import type { Inspection } from '../places/compiled';
import { pageFor, questionIn } from './pager';

describe('a cell that asks for help', () => {
  it.each([
    ['Math.max?', { name: 'Math.max', detail: 0 }],
    ['  contour??\n', { name: 'contour', detail: 1 }],
    ['λ?;', { name: 'λ', detail: 0 }],
    ['$x._y?', { name: '$x._y', detail: 0 }],
  ])('%j', (code, question) => {
    expect(questionIn(code)).toEqual(question);
  });

  it.each(['a ? b : c', 'a?.b', 'a', '?', 'f()?', 'a???', 'a?\nb?', '1a?', "'a?'", '// a?', 'a ?? b'])(
    'is not %j',
    (code) => {
      expect(questionIn(code)).toBeUndefined();
    },
  );

  it('is answered by what the compiler knows, and says so where that is nothing', async () => {
    const known: Inspection = { 'text/plain': 'max', 'text/markdown': '**max**' };
    const asked: unknown[] = [];
    const compiler = {
      inspect: async (...args: unknown[]) => {
        asked.push(args);
        return args[0] === 'Math.max' ? known : undefined;
      },
    };
    expect(await pageFor({ name: 'Math.max', detail: 1 }, compiler)).toEqual({
      source: 'page',
      data: known,
      start: 0,
    });
    expect(asked).toEqual([['Math.max', 8, 1]]);
    const { data } = await pageFor({ name: 'nix', detail: 0 }, compiler);
    expect(data).toEqual({ 'text/plain': 'nothing is known of nix' });
  });
});
