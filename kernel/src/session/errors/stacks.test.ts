import vm from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toCellError } from './cellError';
import { Scripts } from './scripts';
import { tellPlaces } from './stacks';

/** A cell of one line that stands three lines further down, and four columns further right, where it runs. */
const SOURCE = 'fail()';
const FILE = '/nb (1)/cell-3.ts';
const MAP = JSON.stringify({ version: 3, sources: [FILE], names: [], mappings: ';;;IAAA' });

describe('a stack that is read', () => {
  const { prepareStackTrace } = Error;
  const scripts = new Scripts();

  beforeAll(() => {
    const cell = { id: 3, file: FILE, source: SOURCE, script: '', map: MAP, names: [], neighbours: [] };
    scripts.remember(cell, 3);
    tellPlaces(scripts);
  });

  afterAll(() => {
    Error.prepareStackTrace = prepareStackTrace;
  });

  /** What the cell throws; its error is made by `make`. */
  const thrown = (make: () => Error = () => new Error('no\n    at all (cell-3.ts:1:2)')): Error => {
    const run = vm.runInThisContext(`(fail) => {\n\n\n    fail()\n}`, { filename: FILE });
    try {
      run(() => {
        throw make();
      });
    } catch (error) {
      return error as Error;
    }
    throw new Error('the cell threw nothing');
  };

  it('names the lines of the cells, and nothing of the kernel; the message stays', () => {
    const { stack = '' } = thrown();
    expect(stack).toMatch(/^Error: no\n {4}at all \(cell-3\.ts:1:2\)\n/);
    expect(stack).toContain('    at cell [3], line 1, column 1\n');
    expect(stack).not.toMatch(/\(?\/nb|kernel\/src\/session|kernel\/dist/);
  });

  it('leaves the traceback as it is, read or not, and with words put before and after it', () => {
    const make = (): Error => new Error('no');
    const error = thrown(make);
    const unread = toCellError(error, scripts).traceback;
    expect(unread.join('\n')).toContain('cell [3], line 1, column 1');
    expect(unread.join('\n')).toContain(SOURCE);
    error.stack = `Wrapped: ${error.stack}\nand more`;
    expect(toCellError(error, scripts).traceback).toEqual(unread);
  });

  it('is what a prepareStackTrace of a library makes of it, while there is one', () => {
    const { prepareStackTrace: ours } = Error;
    Error.prepareStackTrace = (_, sites) => sites.length;
    const length: unknown = thrown().stack;
    Error.prepareStackTrace = ours;
    expect(length).toBeGreaterThan(1);
    expect(thrown().stack).toContain('cell [3], line 1, column 1');
  });

  it('of no frames is the message', () => {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    const { stack } = new Error('none');
    Error.stackTraceLimit = stackTraceLimit;
    expect(stack).toBe('Error: none');
  });
});
