import { beforeEach, describe, expect, it } from 'vitest';
import { asCell, newCell, RecordingChannel } from '../../../tests/fixtures/recordingChannel';
import { inContext } from '../session/contexts';
import { type Displays, installGlobals } from './globals';
import type { Jupyter } from './jupyter';

interface Globals {
  display: Jupyter['display'];
  clearOutput: Jupyter['clearOutput'];
  prompt(text?: string, fallback?: string): string;
  confirm(text?: string): boolean;
  jupyter: Jupyter;
}

let channel: RecordingChannel;
let cell: Globals;
let displays: Displays;

beforeEach(() => {
  channel = new RecordingChannel();
  cell = {} as Globals;
  displays = installGlobals(cell, channel, { outputLimit: 50 });
});

describe('the names of every cell', () => {
  it('are there and can not be enumerated', () => {
    expect(Object.getOwnPropertyNames(cell).sort()).toEqual([
      'clearOutput',
      'confirm',
      'display',
      'jupyter',
      'prompt',
    ]);
    expect(Object.keys(cell)).toEqual([]);
  });

  it('display, prompt and confirm reach the front end', () => {
    cell.display(1);
    channel.answers.push('Ann', 'y');
    expect([cell.prompt('Name?'), cell.confirm('Sure?')]).toEqual(['Ann', true]);
    expect(channel.shown).toEqual({ 'text/plain': '1' });
  });

  it('clearOutput clears now, or when the next output comes', () => {
    cell.clearOutput();
    cell.clearOutput({ wait: true });
    expect(channel.published).toEqual([
      { kind: 'clear', wait: false },
      { kind: 'clear', wait: true },
    ]);
    expect(() => cell.clearOutput({ wiat: true } as never)).toThrow(
      'clearOutput: unknown option wiat; the options are wait',
    );
    expect(() => cell.clearOutput({ wait: 1 } as never)).toThrow(
      'clearOutput: wait must be true or false, got a number',
    );
  });

  it('can be replaced by the cell, but for jupyter', () => {
    cell.display = (() => 7) as never;
    expect(cell.display(1)).toBe(7);
    expect(() => {
      cell.jupyter = {} as never;
    }).toThrow(TypeError);
  });
});

describe('jupyter', () => {
  it('is found by libraries, which show bundles by it', async () => {
    const kernel = (cell as unknown as Record<symbol, Jupyter>)[Symbol.for('jupyter.kernel')]!;
    expect(kernel).toBe(cell.jupyter);
    await kernel.display({ 'text/html': '<b>figure</b>' }, { raw: true });
    expect(channel.shown).toEqual({ 'text/html': '<b>figure</b>', 'text/plain': 'figure' });
  });

  it('makes values that show themselves', () => {
    const { html, md, svg, latex, image } = cell.jupyter;
    const png = Buffer.from('89504e470d0a1a0a', 'hex');
    for (const value of [html`<b>a</b>`, md`**a**`, svg`<svg/>`, latex`a`, image(png)]) cell.display(value);
    expect(channel.displays.map(({ display }) => Object.keys(display.data)[0])).toEqual([
      'text/html',
      'text/markdown',
      'image/svg+xml',
      'text/latex',
      'image/png',
    ]);
  });

  it('has the signal of the cell that runs', async () => {
    const context = newCell();
    const other = newCell();
    await inContext(context, async () => {
      await null;
      expect(cell.jupyter.signal).toBe(context.signal);
    });
    expect(inContext(other, () => cell.jupyter.signal)).toBe(other.signal);
    context.end(new Error('interrupted'));
    expect(inContext(context, () => cell.jupyter.signal.aborted)).toBe(true);
  });

  it('asks for passwords', () => {
    channel.answers.push('secret');
    expect(cell.jupyter.password('Token: ')).toBe('secret');
    expect(channel.asked).toEqual([{ prompt: 'Token: ', password: true }]);
  });

  it('has the output limit that the kernel starts with, which can be changed', () => {
    expect(cell.jupyter.outputLimit).toBe(50);
    cell.jupyter.outputLimit = 200;
    expect(cell.jupyter.outputLimit).toBe(200);
    cell.jupyter.outputLimit = Number.POSITIVE_INFINITY;
    expect(channel.limits).toEqual([200, Number.POSITIVE_INFINITY]);
  });

  it.each([
    [0, 'got 0'],
    [-1, 'got -1'],
    [Number.NaN, 'got NaN'],
    ['50', 'got a string'],
  ])('has no output limit of %j', (limit, came) => {
    expect(() => {
      cell.jupyter.outputLimit = limit as number;
    }).toThrow(`jupyter.outputLimit must be a number of megabytes > 0 (Infinity for no limit), ${came}`);
    expect(channel.limits).toEqual([]);
  });

  it('has nothing that a cell could take away from libraries', () => {
    expect(() => {
      (cell.jupyter as { display: unknown }).display = undefined;
    }).toThrow(TypeError);
    expect(() => {
      (cell.jupyter.comm as { open: unknown }).open = undefined;
    }).toThrow(TypeError);
  });
});

describe('the session', () => {
  it('hands comm messages to what jupyter.comm has registered', async () => {
    const heard: unknown[] = [];
    const { open, register } = cell.jupyter.comm;
    register('figure', (comm) => comm.onMessage(({ data }) => heard.push(data)));
    const nothing = { metadata: {}, buffers: [] };
    await displays.receiveComm({ kind: 'open', comm: 'a', target: 'figure', data: {}, ...nothing });
    await displays.receiveComm({ kind: 'message', comm: 'a', data: { x: 1 }, ...nothing });
    expect(heard).toEqual([{ x: 1 }]);
    expect(open('other').target).toBe('other');
  });

  it('waits for what a cell has yet to show, and learns of its failure', async () => {
    await asCell(async (context) => {
      cell.display({ [Symbol.for('Jupyter.display')]: async () => ({ 'text/plain': 'late' }) });
      expect(channel.displays).toEqual([]);
      await displays.settle(context);
      expect(channel.shown).toEqual({ 'text/plain': 'late' });
    });
    await asCell(async (context) => {
      cell.display({ [Symbol.for('Jupyter.display')]: async () => 'no bundle' });
      await expect(displays.settle(context)).rejects.toThrow('expected a MIME bundle');
    });
  });

  it('says how stacks get the lines of the cells, for errors that are shown as values', () => {
    const withPlaces = (text: string) => text.replace(/ {4}at .*/s, '    at cell 3, line 1');
    installGlobals({}, channel, { outputLimit: 50, withPlaces });
    cell.display(new Error('shown'));
    expect(channel.shown).toEqual({ 'text/plain': 'Error: shown\n    at cell 3, line 1' });
    installGlobals({}, channel, { outputLimit: 50, withPlaces: (text) => text });
  });

  it('stops the progress that a failed cell leaves open', async () => {
    await asCell(async (context) => {
      const task = cell.jupyter.progress({ label: 'a' });
      await new Promise((resume) => setTimeout(resume, 300));
      displays.stop(context);
      task.end();
    });
    expect(channel.shown['text/plain']).toMatch(/^a {2}0, stopped after/);
  });
});
