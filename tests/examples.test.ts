import { describe, expect, it, vi } from 'vitest';
import { allExamples, examplesIn, functionsWithoutExample, typeErrors, writeExamples } from './examples';

const examples = allExamples();
const files = writeExamples(examples);
const errors = typeErrors(files.map(({ source }) => source));

describe('examples', () => {
  it('are found in docstrings and in the README, with the line they stand on', () => {
    const source = '/**\n * Adds.\n * @example\n * ```ts\n * const a = 1;\n *\n * a + 1;\n * ```\n */\n';
    expect(examplesIn('src/a.ts', source)).toEqual([
      { place: 'src/a.ts:5', code: 'const a = 1;\n\na + 1;\n' },
    ]);
    expect(examplesIn('README.md', 'x\n```sh\nls\n```\n```ts\n1;\n```\n')).toEqual([
      { place: 'README.md:6', code: '1;\n' },
    ]);
  });

  it('are there: one in the README at least', () => {
    expect(examples.filter(({ place }) => place.startsWith('README.md')).length).toBeGreaterThan(0);
  });

  it('stand in the docstring of every public function', () => {
    expect(functionsWithoutExample()).toEqual([]);
  });
});

describe.each(examples.map((example, i) => ({ ...example, i })))('the example at $place', ({ i }) => {
  it('has the right types', () => {
    expect(errors[i]).toEqual([]);
  });

  it('runs', async () => {
    vi.spyOn(console, 'log').mockImplementation(() => {});
    await import(files[i]?.compiled ?? '');
  });
});
