import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { asCell, newCell, RecordingChannel } from '../../../tests/fixtures/recordingChannel';
import { currentContext, inContext } from '../session/contexts';
import { ProgressBars, type ProgressOptions } from './progress';

let channel: RecordingChannel;
let bars: ProgressBars;

beforeEach(() => {
  channel = new RecordingChannel();
  bars = new ProgressBars(channel);
});

const shownPlain = () => String(channel.shown['text/plain']);

/** Computes without giving the event loop a chance, as a training loop does. */
function compute(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

describe('jupyter.progress', () => {
  it('shows nothing of a task that is over at once', async () => {
    asCell(() => {
      const task = bars.start({ label: 'quick', total: 10 });
      for (let done = 1; done <= 10; done += 1) task.update(done);
      task.end();
    });
    await sleep(300);
    expect(channel.published).toEqual([]);
  });

  it('in a loop that blocks is one display, updated at most ten times a second, plain text at the end', () => {
    const began = performance.now();
    asCell(() => {
      const task = bars.start({ label: 'training', total: 60 });
      for (let done = 1; done <= 60; done += 1) {
        compute(10);
        task.update(done);
      }
      task.end();
    });
    const seconds = (performance.now() - began) / 1000;
    expect(channel.displays.map(({ update }) => update)).toEqual([
      false,
      ...channel.displays.slice(1).map(() => true),
    ]);
    expect(new Set(channel.displays.map(({ id }) => id)).size).toBe(1);
    expect(channel.displays.length).toBeGreaterThanOrEqual(4);
    expect(channel.displays.length).toBeLessThanOrEqual(10 * seconds + 2);
    expect(channel.displays[0]!.display.data['text/html']).toMatch(
      /role="progressbar".*aria-valuenow="\d\d"/,
    );
    expect(Object.keys(channel.shown)).toEqual(['text/plain']);
    expect(shownPlain()).toMatch(/^training {2}100 % {2}60 in \d\.\d s$/);
  });

  it('shows a task that has not come back yet', async () => {
    await asCell(async () => {
      const task = bars.start({ label: 'waiting', total: 4 });
      task.update(1);
      await sleep(350);
      expect(shownPlain()).toMatch(/^waiting {2}25 % {2}1 of 4 {2}/);
      task.update(2);
      task.update(3);
      await sleep(250);
      expect(shownPlain()).toMatch(/^waiting {2}75 % {2}3 of 4 {2}/);
      task.end();
      expect(shownPlain()).toMatch(/^waiting {2}75 % {2}3 in 0\.\d s$/);
    });
  });

  it('of an unknown total shows count and rate, and no bar', async () => {
    await asCell(async () => {
      const task = bars.start({ label: 'reading' });
      task.update(5000);
      await sleep(300);
      expect(shownPlain()).toMatch(/^reading {2}5,000 {2}[\d,]+\/s$/);
      expect(channel.shown['text/html']).not.toContain('progressbar');
      task.end();
      expect(shownPlain()).toMatch(/^reading {2}5,000 in 0\.\d s$/);
    });
  });

  it('has one display for each of several tasks', async () => {
    await asCell(async () => {
      const tasks = ['a', 'b'].map((label) => bars.start({ label, total: 2 }));
      for (const task of tasks) task.update(1);
      await sleep(300);
      for (const task of tasks) task.end();
    });
    expect(channel.displays.filter(({ update }) => !update)).toHaveLength(2);
    expect(new Set(channel.displays.map(({ id }) => id)).size).toBe(2);
  });

  it('that is interrupted says so, and is still from then on', async () => {
    const context = newCell();
    const task = inContext(context, () => bars.start({ label: 'training', total: 100 }));
    task.update(37);
    await sleep(300);
    context.end(new Error('interrupted'));
    expect(shownPlain()).toMatch(/^training {2}37 % {2}37 of 100, interrupted after 0\.\d s$/);
    const { length } = channel.published;
    task.update(38);
    task.end();
    await sleep(300);
    expect(channel.published).toHaveLength(length);
  });

  it('that is interrupted belongs to its cell, whichever ran last', async () => {
    const context = newCell();
    inContext(context, () => bars.start({ label: 'a' }));
    await sleep(300);
    const numbers: (number | undefined)[] = [];
    channel.publish = () => numbers.push(currentContext()?.number);
    inContext(newCell(), () => context.end(new Error('interrupted')));
    expect(numbers).toEqual([context.number]);
  });

  it('that its failed cell leaves open says that it was stopped', async () => {
    const context = newCell();
    inContext(context, () => bars.start({ label: 'training' }).update(3));
    await sleep(300);
    bars.stop(context, 'stopped');
    expect(shownPlain()).toMatch(/^training {2}3, stopped after 0\.\d s$/);
  });

  it('that its cell leaves open stands still, and goes on if something of the cell does', async () => {
    const context = newCell();
    const task = inContext(context, () => bars.start({ label: 'epochs', total: 10 }));
    task.update(5);
    await sleep(300);
    task.update(6);
    bars.rest(context);
    expect(shownPlain()).toMatch(/^epochs {2}60 % {2}6 of 10, stopped after 0\.\d s$/);
    const { length } = channel.published;
    await sleep(300);
    expect(channel.published).toHaveLength(length);
    task.update(7);
    expect(channel.shown['text/html']).toContain('7 of 10');
    task.update(10);
    bars.rest(context);
    expect(shownPlain()).toMatch(/^epochs {2}100 % {2}10 in 0\.\d s$/);
  });

  it('that another cell updates stands still when that cell ends', async () => {
    const [home, other] = [newCell(), newCell()];
    const task = inContext(home, () => bars.start({ label: 'quick', total: 5 }));
    inContext(home, () => task.update(2));
    bars.rest(home);
    await sleep(300);
    inContext(other, () => task.update(3));
    expect(channel.shown['text/html']).toContain('3 of 5');
    bars.rest(other);
    expect(shownPlain()).toMatch(/^quick {2}60 % {2}3 of 5, stopped after 0\.\d s$/);
    await sleep(200);
    inContext(other, () => task.update(4));
    expect(channel.shown['text/html']).toContain('4 of 5');
  });

  it('that another cell updates and fails stands still, and is not over', async () => {
    const [home, other] = [newCell(), newCell()];
    const task = inContext(home, () => bars.start({ label: 'lent', total: 5 }));
    bars.rest(home);
    await sleep(300);
    inContext(other, () => task.update(3));
    bars.stop(other, 'stopped');
    expect(shownPlain()).toMatch(/^lent {2}60 % {2}3 of 5, stopped after 0\.\d s$/);
    await sleep(200);
    inContext(newCell(), () => task.update(4));
    expect(channel.shown['text/html']).toContain('4 of 5');
  });

  it('that is over with its cell before it was shown shows nothing', async () => {
    const context = newCell();
    inContext(context, () => bars.start({ total: 10 }).update(2));
    bars.rest(context);
    await sleep(300);
    expect(channel.published).toEqual([]);
  });

  it('ends with the block of a using declaration', async () => {
    await asCell(async () => {
      using task = bars.start({ label: 'block', total: 2 });
      task.update(2);
      await sleep(300);
    });
    expect(shownPlain()).toMatch(/^block {2}100 % {2}2 in 0\.\d s$/);
  });

  it('of a hundred tasks makes Node warn of no leak', async () => {
    const warnings: Error[] = [];
    const listen = (warning: Error) => warnings.push(warning);
    process.on('warning', listen);
    asCell(() => Array.from({ length: 100 }, () => bars.start().end()));
    await sleep(20);
    process.off('warning', listen);
    expect(warnings).toEqual([]);
  });

  it.each<[unknown, string]>([
    [{ lable: 'x' }, 'jupyter.progress: unknown option lable; the options are label, total'],
    ['x', 'jupyter.progress: expected an object of options (label, total), got a string'],
    [{ label: 3 }, 'jupyter.progress: label must be a string, got a number'],
    [{ total: '3' }, 'jupyter.progress: total must be a number, got a string'],
    [{ total: -1 }, 'jupyter.progress: total must be a finite number >= 0, got -1'],
  ])('%j is a clear error', (options, message) => {
    expect(() => bars.start(options as ProgressOptions)).toThrow(message);
  });

  it.each([Number.NaN, -1, Number.POSITIVE_INFINITY])('%d steps done is a clear error', (done) => {
    const task = bars.start();
    expect(() => task.update(done)).toThrow(
      `progress.update: the number of steps done must be a finite number >= 0, got ${done}`,
    );
    task.end();
  });
});
