import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { asCell, newCell, RecordingChannel } from '../../../tests/fixtures/recordingChannel';
import { inContext } from '../session/contexts';
import { Pending } from './pending';
import { type DisplayFunction, type DisplayOptions, displayOn } from './show';
import { toResult } from './toDisplay';

const DISPLAY = Symbol.for('Jupyter.display');
const after = (milliseconds: number, plain: string) => ({
  [DISPLAY]: () => sleep(milliseconds, { 'text/plain': plain }),
});

let channel: RecordingChannel;
let pending: Pending;
let display: DisplayFunction;

beforeEach(() => {
  channel = new RecordingChannel();
  pending = new Pending();
  display = displayOn(channel, pending);
});

const texts = () => channel.displays.map(({ display }) => display.data['text/plain']);

describe('display', () => {
  it('publishes at once what is known at once', () => {
    display({ a: 1 });
    expect(channel.displays).toHaveLength(1);
    expect(channel.displays[0]).toMatchObject({
      update: false,
      display: { data: { 'text/plain': '{ a: 1 }' } },
    });
  });

  it('shows undefined, which a last expression does not', () => {
    display(undefined);
    expect(texts()).toEqual(['undefined']);
  });

  it('returns a handle that shows something else in its place', () => {
    const handle = display('a');
    handle.update('b');
    expect(channel.displays.map(({ id, update }) => ({ id, update }))).toEqual([
      { id: handle.id, update: false },
      { id: handle.id, update: true },
    ]);
    expect(texts()).toEqual([`'a'`, `'b'`]);
    expect(display('c').id).not.toBe(handle.id);
  });

  it('as the last line of a cell shows its value once', () => {
    expect(toResult(display('a'))).toBeUndefined();
  });

  it('takes an id of its own, and updates it from anywhere', () => {
    expect(display('a', { id: 'mine' }).id).toBe('mine');
    display('b', { id: 'mine', update: true });
    expect(channel.displays.map(({ id, update }) => [id, update])).toEqual([
      ['mine', false],
      ['mine', true],
    ]);
  });

  it('shows a raw MIME bundle, and so does the handle of one', () => {
    display({ 'text/html': '<b>1</b>' }, { raw: true }).update({ 'text/html': '<b>2</b>' });
    expect(channel.displays.map(({ display }) => display.data['text/html'])).toEqual([
      '<b>1</b>',
      '<b>2</b>',
    ]);
  });

  it.each<[unknown, unknown, string]>([
    [1, { ID: 'x' }, 'display: unknown option ID; the options are id, update, raw'],
    [1, 'x', 'display: expected an object of options (id, update, raw), got a string'],
    [1, null, 'display: expected an object of options (id, update, raw), got null'],
    [1, { id: 3 }, 'display: id must be a string, got a number'],
    [1, { id: '' }, 'display: id must not be empty'],
    [1, { update: true }, 'display: update needs the id of what is to be updated'],
    [1, { id: 'a', update: 'yes' }, 'display: update must be true or false, got a string'],
    ['<b>', { raw: true }, 'display: expected a MIME bundle'],
  ])('%j with %j is a clear error', (value, options, message) => {
    expect(() => display(value, options as DisplayOptions)).toThrow(message);
    expect(channel.published).toEqual([]);
  });
});

describe('a bundle that is promised', () => {
  it('is published when it comes, and its later update after it', async () => {
    await asCell(async (context) => {
      const handle = display(after(30, 'slow'));
      handle.update('quick');
      display('other');
      await pending.settle(context);
    });
    expect(texts()).toEqual([`'other'`, 'slow', `'quick'`]);
    expect(channel.displays.map(({ update }) => update)).toEqual([false, false, true]);
  });

  it('of two updates the first is shown first, however long it takes', async () => {
    await asCell(async (context) => {
      const handle = display('a');
      handle.update(after(40, 'first'));
      handle.update(after(5, 'second'));
      await pending.settle(context);
      handle.update('third');
    });
    expect(texts()).toEqual([`'a'`, 'first', 'second', `'third'`]);
  });

  it('that fails is the error of its cell, and later displays go on', async () => {
    const failing = { [DISPLAY]: () => Promise.reject(new Error('no data')) };
    await asCell(async (context) => {
      display(failing);
      await expect(pending.settle(context)).rejects.toThrow(
        `Object[Symbol.for('Jupyter.display')]() failed: no data`,
      );
    });
    display('c');
    expect(texts()).toEqual([`'c'`]);
  });

  it('is waited for by its own cell alone', async () => {
    const first = newCell();
    const second = newCell();
    inContext(first, () => display(after(50, 'slow')));
    await inContext(second, () => pending.settle(second));
    expect(texts()).toEqual([]);
    await pending.settle(first);
    expect(texts()).toEqual(['slow']);
  });

  it('that fails after the end of its cell is an unhandled rejection', async () => {
    // Vitest's own listeners would make a failure of it.
    const others = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    const rejected = new Promise((resolve) => process.once('unhandledRejection', resolve));
    await asCell(async (context) => {
      await pending.settle(context);
      display({ [DISPLAY]: () => Promise.reject(new Error('too late')) });
    });
    expect(String(await rejected)).toContain('too late');
    for (const listener of others) process.on('unhandledRejection', listener);
  });
});
