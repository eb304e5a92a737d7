import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type History, openHistory } from './history';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'losslab-history-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A kernel's history in which these cells were run. */
function session(...sources: string[]): History {
  const history = openHistory({ env: { LOSSLAB_KERNEL_DATA: folder } });
  for (const [index, source] of sources.entries()) history.append(index + 1, source);
  return history;
}

describe('the tail', () => {
  it('is the last cells of all sessions, oldest first', () => {
    session('a', 'b');
    expect(session('c', 'd').tail(3)).toEqual([
      [1, 2, 'b'],
      [2, 1, 'c'],
      [2, 2, 'd'],
    ]);
  });

  it('has the cells of kernels that run beside this one', () => {
    const first = session('a');
    const second = session('b');
    first.append(2, 'c');
    expect(second.tail()).toEqual([
      [1, 1, 'a'],
      [1, 2, 'c'],
      [2, 1, 'b'],
    ]);
  });

  it('may be longer than there are cells, or of none', () => {
    const history = session('a');
    expect(history.tail(10)).toEqual([[1, 1, 'a']]);
    expect(history.tail(0)).toEqual([]);
    expect(history.tail(-3)).toEqual([]);
    expect(session().tail()).toEqual([[1, 1, 'a']]);
  });
});

describe('a range', () => {
  it('of session 0 is of this kernel, as ipykernel numbers it', () => {
    session('old');
    const history = session('a', 'b', 'c');
    expect(history.range(0)).toEqual([
      [0, 1, 'a'],
      [0, 2, 'b'],
      [0, 3, 'c'],
    ]);
    expect(history.range(0, 2, 3)).toEqual([[0, 2, 'b']]);
    expect(history.range(0, -2)).toEqual([
      [0, 2, 'b'],
      [0, 3, 'c'],
    ]);
    expect(history.range(0, 1, -1)).toEqual([
      [0, 1, 'a'],
      [0, 2, 'b'],
    ]);
    expect(history.range(0, 7, 9)).toEqual([]);
  });

  it('of earlier sessions is found by their number, and backwards from this one', () => {
    session('first');
    session('second');
    const history = session('third');
    expect(history.range(-1)).toEqual([[2, 1, 'second']]);
    expect(history.range(1)).toEqual([[1, 1, 'first']]);
    expect(history.range(3)).toEqual([[3, 1, 'third']]);
    expect(history.range(-9)).toEqual([]);
    expect(session().range(-1)).toEqual([[3, 1, 'third']]);
  });
});

describe('a search', () => {
  it('takes wildcards and gives the latest', () => {
    const history = session('let a', 'log(a)', 'let b');
    expect(history.search('let *')).toEqual([
      [1, 1, 'let a'],
      [1, 3, 'let b'],
    ]);
    expect(history.search('*a*', 1)).toEqual([[1, 2, 'log(a)']]);
    expect(history.search('let')).toEqual([]);
  });

  it('that is unique has the latest of equal cells', () => {
    session('x', 'y');
    expect(session('x').search('?', undefined, true)).toEqual([
      [1, 2, 'y'],
      [2, 1, 'x'],
    ]);
  });
});

describe('outputs', () => {
  it('come with the cells of this kernel when they are asked for', () => {
    session('0');
    const history = session('1 + 1', 'let a');
    history.output(1, '2');
    expect(history.tail(3, true)).toEqual([
      [1, 1, ['0', null]],
      [2, 1, ['1 + 1', '2']],
      [2, 2, ['let a', null]],
    ]);
    expect(history.range(0, 1, 2, true)).toEqual([[0, 1, ['1 + 1', '2']]]);
    expect(history.search('1*', 1, false, true)).toEqual([[2, 1, ['1 + 1', '2']]]);
  });
});

describe('a history_request', () => {
  it('of each kind is answered', () => {
    const history = session('a', 'b');
    const common = { raw: true, output: false };
    expect(history.answer({ ...common, hist_access_type: 'tail', n: 1 })).toEqual([[1, 2, 'b']]);
    expect(history.answer({ ...common, hist_access_type: 'range', session: 0, start: 1, stop: 2 })).toEqual([
      [0, 1, 'a'],
    ]);
    expect(history.answer({ ...common, hist_access_type: 'range', stop: null })).toHaveLength(2);
    expect(history.answer({ hist_access_type: 'search', pattern: 'b', unique: true })).toEqual([[1, 2, 'b']]);
    expect(history.answer({ hist_access_type: 'search', output: true, n: 1 })).toEqual([[1, 2, ['b', null]]]);
  });

  it('that is wrong says what was expected', () => {
    const history = session('a');
    expect(() => history.answer({ hist_access_type: 'all' })).toThrow(
      'hist_access_type: expected "range", "tail" or "search", got "all"',
    );
    expect(() => history.answer({ hist_access_type: 'tail', n: 'x' })).toThrow(
      'n: expected an integer, got string',
    );
    expect(() => history.answer({ hist_access_type: 'range', session: 0.5 })).toThrow('session: expected');
  });
});

describe('a history without a file', () => {
  it('lives as long as its kernel and touches no folder', () => {
    const history = openHistory({ env: { LOSSLAB_KERNEL_HISTORY: 'off', LOSSLAB_KERNEL_DATA: folder } });
    history.append(1, 'secret');
    expect(history.tail()).toEqual([[1, 1, 'secret']]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is what is left where nothing can be written', () => {
    const notAFolder = path.join(folder, 'file');
    writeFileSync(notAFolder, '');
    const history = openHistory({ env: { LOSSLAB_KERNEL_DATA: path.join(notAFolder, 'x') } });
    history.append(1, 'a');
    expect(history.tail()).toEqual([[1, 1, 'a']]);
    expect(existsSync(path.join(notAFolder, 'x'))).toBe(false);
  });

  it('forgets the oldest cells beyond its bounds', () => {
    const limits = { bytes: 20, kept: 10, cells: 3 };
    const history = openHistory({ env: { LOSSLAB_KERNEL_HISTORY: 'off' }, limits });
    for (let line = 1; line <= 5; line++) history.append(line, 'x');
    expect(history.tail().map(([, line]) => line)).toEqual([3, 4, 5]);
    history.append(6, 'x'.repeat(9));
    expect(history.tail().map(([, line]) => line)).toEqual([5, 6]);
  });
});
