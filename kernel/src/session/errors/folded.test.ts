import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { framesText } from './folded';
import type { Frame } from './frames';

const cell = (line: number): Frame => {
  const title = 'cell [1]';
  return { name: '', where: `${title}, line ${line}`, place: { title, line, lines: [] } };
};
const far = (where: string, name = 'f'): Frame => ({ name, where });
const inPackage = (name: string): Frame => far(`/home/me/node_modules/${name}/dist/index.js:1:2`);

const told = (...frames: Frame[]): string[] => framesText(frames).map(stripVTControlCharacters);

describe('the frames of a traceback', () => {
  it('are those of the cells, and of what they called where it threw', () => {
    const core = inPackage('@tensorflow/tfjs-core');
    expect(told(core, core, inPackage('pads'), core, cell(3), cell(9))).toEqual([
      '    at f (@tensorflow/tfjs-core/dist/index.js:1:2)',
      '    … 3 more in @tensorflow/tfjs-core, pads …',
      '    at cell [1], line 3',
      '    at cell [1], line 9',
    ]);
    expect(told(cell(3), far('<anonymous>', 'Array.map'), cell(9))).toEqual([
      '    at cell [1], line 3',
      '    at Array.map (<anonymous>)',
      '    at cell [1], line 9',
    ]);
  });

  it('name no package where there is none', () => {
    expect(told(far('/a.js:1:1'), far('/b.js:1:1'), far('/c.js:1:1'), cell(1))).toEqual([
      '    at f (/a.js:1:1)',
      '    … 2 more outside of the cells …',
      '    at cell [1], line 1',
    ]);
  });

  it('are more where no cell has called', () => {
    const lines = told(...Array.from({ length: 10 }, (_, at) => far(`/${at}.js:1:1`)));
    expect(lines).toHaveLength(4);
    expect(lines.at(-1)).toBe('    … 7 more outside of the cells …');
  });
});
