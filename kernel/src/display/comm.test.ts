import { beforeEach, describe, expect, it } from 'vitest';
import { RecordingChannel } from '../../../tests/fixtures/recordingChannel';
import type { CommMessage } from '../places/messages';
import { type Comm, type CommExtras, type CommReceived, Comms } from './comm';

let channel: RecordingChannel;
let comms: Comms;

beforeEach(() => {
  channel = new RecordingChannel();
  comms = new Comms(channel);
});

const nothing = { data: {}, metadata: {}, buffers: [] };
const opened = (target: string, content: Partial<CommReceived> = {}): CommMessage => ({
  kind: 'open',
  comm: 'c1',
  target,
  ...nothing,
  ...content,
});
const said = (comm: string, kind: 'message' | 'close', content: Partial<CommReceived> = {}): CommMessage => ({
  kind,
  comm,
  ...nothing,
  ...content,
});

describe('a comm that the kernel opens', () => {
  it('says so, with data, metadata and bytes', () => {
    const comm = comms.open(
      'figure',
      { a: 1 },
      { id: 'mine', metadata: { m: 1 }, buffers: [Uint8Array.of(1, 2)] },
    );
    expect(comm).toMatchObject({ id: 'mine', target: 'figure', closed: false });
    const content = { data: { a: 1 }, metadata: { m: 1 }, buffers: [Uint8Array.of(1, 2)] };
    expect(channel.comms).toEqual([{ kind: 'open', comm: 'mine', target: 'figure', ...content }]);
  });

  it('has an id of its own and empty data when nothing else is said', () => {
    const ids = [comms.open('figure').id, comms.open('figure').id];
    expect(new Set(ids).size).toBe(2);
    expect(channel.comms[0]).toMatchObject({ comm: ids[0], data: {}, metadata: {}, buffers: [] });
  });

  it('sends data and bytes: of a view no more than it shows', () => {
    const comm = comms.open('figure', null, { id: 'c' });
    const view = new Float32Array([1, 2, 3, 4]).subarray(1, 3);
    comm.send([1, 'a'], { buffers: [view, new ArrayBuffer(2)] });
    const sent = channel.comms[1]!;
    expect(sent).toMatchObject({ kind: 'message', comm: 'c', data: [1, 'a'] });
    expect(sent.buffers.map(({ buffer }) => buffer.byteLength)).toEqual([8, 2]);
    expect(new Float32Array(sent.buffers[0]!.buffer as ArrayBuffer)).toEqual(new Float32Array([2, 3]));
  });

  it('sends a copy of shared memory: what changes later does not reach the front end', () => {
    const shared = new Uint8Array(new SharedArrayBuffer(2)).fill(1);
    comms.open('figure').send({}, { buffers: [shared] });
    shared.fill(9);
    expect(channel.comms[1]!.buffers).toEqual([Uint8Array.of(1, 1)]);
  });

  it('hears what the front end says, the latest handler alone', async () => {
    const comm = comms.open('figure', {}, { id: 'c' });
    const heard: unknown[] = [];
    comm.onMessage(() => heard.push('old'));
    comm.onMessage((message) => heard.push(message));
    const content = { data: { x: 1 }, metadata: { m: 1 }, buffers: [Uint8Array.of(7)] };
    await comms.receive(said('c', 'message', content));
    expect(heard).toEqual([content]);
  });

  it('is told that the front end has closed it, and can not send any more', async () => {
    const comm = comms.open('figure', {}, { id: 'c' });
    const heard: unknown[] = [];
    comm.onClose(({ data }) => heard.push(data, comm.closed));
    await comms.receive(said('c', 'close', { data: { why: 'gone' } }));
    expect(heard).toEqual([{ why: 'gone' }, true]);
    expect(() => comm.send(1)).toThrow('comm.send: this comm (figure) is closed; open a new one');
    await comms.receive(said('c', 'close'));
    expect(heard).toHaveLength(2);
  });

  it('is closed by the kernel once, with a last word', async () => {
    const comm = comms.open('figure', {}, { id: 'c' });
    comm.onMessage(() => {
      throw new Error('heard after its end');
    });
    comm.close({ bye: 1 });
    comm.close();
    expect(channel.comms.slice(1)).toEqual([
      { kind: 'close', comm: 'c', data: { bye: 1 }, metadata: {}, buffers: [] },
    ]);
    await comms.receive(said('c', 'message'));
  });

  it('can not have the id of another that is open, but that of one that is closed', () => {
    const comm = comms.open('figure', {}, { id: 'c' });
    expect(() => comms.open('figure', {}, { id: 'c' })).toThrow('a comm with the id c is open already');
    comm.close();
    expect(comms.open('figure', {}, { id: 'c' }).closed).toBe(false);
  });
});

describe('a comm that the front end opens', () => {
  it('goes to what was registered last for its target', async () => {
    const got: unknown[] = [];
    comms.register('figure', () => got.push('old'));
    comms.register('figure', (comm, open) => got.push(comm.id, comm.target, open));
    await comms.receive(opened('figure', { data: { a: 1 } }));
    expect(got).toEqual(['c1', 'figure', { ...nothing, data: { a: 1 } }]);
    expect(channel.published).toEqual([]);
  });

  it('is closed at once when its target is unknown, and told what is known', async () => {
    comms.register('figure', () => undefined);
    await comms.receive(opened('widget'));
    const error = 'no comm target "widget" is registered in the kernel (registered: figure)';
    expect(channel.comms).toEqual([
      { kind: 'close', comm: 'c1', data: { error }, metadata: {}, buffers: [] },
    ]);
  });

  it('is closed when what was registered fails, now or later, and the failure is passed on', async () => {
    comms.register('now', () => {
      throw new Error('not now');
    });
    comms.register('later', () => Promise.reject(new Error('not later')));
    await expect(comms.receive(opened('now'))).rejects.toThrow('not now');
    await expect(comms.receive(opened('later'))).rejects.toThrow('not later');
    expect(channel.comms.map(({ kind }) => kind)).toEqual(['close', 'close']);
  });

  it('whose handler of messages fails stays open', async () => {
    let comm: Comm | undefined;
    comms.register('figure', (opened) => {
      comm = opened;
      opened.onMessage(async () => {
        throw new Error('bad message');
      });
    });
    await comms.receive(opened('figure'));
    await expect(comms.receive(said('c1', 'message'))).rejects.toThrow('bad message');
    expect(comm?.closed).toBe(false);
  });

  it('that nobody knows of, from before a restart, is passed over', async () => {
    await comms.receive(said('old', 'message'));
    await comms.receive(said('old', 'close'));
    expect(channel.published).toEqual([]);
  });
});

describe('wrong use is a clear error, and nothing is sent', () => {
  it.each<[string, (comm: Comm) => unknown, string]>([
    [
      'no target',
      () => comms.open(undefined as never),
      'jupyter.comm.open: the target must be a string, got undefined',
    ],
    ['an empty target', () => comms.open(''), 'jupyter.comm.open: the target must not be empty'],
    [
      'a misspelt option',
      () => comms.open('t', {}, { buffer: [] } as never),
      'unknown option buffer; the options are buffers, metadata, id',
    ],
    [
      'a number for an id',
      () => comms.open('t', {}, { id: 3 } as never),
      'jupyter.comm.open: id must be a string, got a number',
    ],
    [
      'no handler',
      () => comms.register('t', undefined as never),
      'the second argument must be a function, got undefined',
    ],
    ['data that is no JSON', (comm) => comm.send(() => 1), 'comm.send: the data must be JSON'],
    ['BigInt data', (comm) => comm.send({ n: 1n }), 'comm.send: the data can not be written as JSON'],
    [
      'one buffer',
      (comm) => comm.send({}, { buffers: new Uint8Array(1) } as never),
      'buffers must be an array, got a Uint8Array',
    ],
    [
      'a text for a buffer',
      (comm) => comm.send({}, { buffers: ['x'] } as never),
      'comm.send: buffers[0] must be a Uint8Array, an ArrayBuffer or a view of one, got a string',
    ],
    [
      'an array of metadata',
      (comm) => comm.send({}, { metadata: [1] } as unknown as CommExtras),
      'metadata must be an object, got an array',
    ],
    [
      'a handler in text',
      (comm) => comm.onMessage('f' as never),
      'comm.onMessage: the handler must be a function',
    ],
    [
      'a close handler in text',
      (comm) => comm.onClose('f' as never),
      'comm.onClose: the handler must be a function',
    ],
    [
      'a last word that is no JSON',
      (comm) => comm.close(1n),
      'comm.close: the data can not be written as JSON',
    ],
  ])('%s', (_name, use, message) => {
    const comm = comms.open('figure');
    expect(() => use(comm)).toThrow(message);
    expect(channel.comms).toHaveLength(1);
    expect(comm.closed).toBe(false);
  });
});

/**
 * A widget in the manner of anywidget: the kernel opens a comm with the widget's module and its state, the front end
 * imports the module, draws, and both sides send the state that changed.
 */
describe('a widget over comms', () => {
  const COUNTER = `export default {
    render({ model, el }) {
      const draw = () => { el.textContent = String(model.get('count')); };
      model.on('change:count', draw);
      draw();
      el.onclick = () => { model.set('count', model.get('count') + 1); model.save_changes(); };
    },
  };`;

  function widget(state: { count: number }) {
    const comm = comms.open('test.widget', { esm: COUNTER, state });
    comm.onMessage(({ data }) => Object.assign(state, data as object));
    return { comm, set: (change: object) => comm.send(Object.assign(state, change)) };
  }

  /** The front end's half: a model and an element as anywidget gives them, without a browser. */
  async function draw(message: CommMessage) {
    const { esm, state } = message.data as { esm: string; state: Record<string, number> };
    const url = `data:text/javascript,${encodeURIComponent(esm)}`;
    const { default: module } = await import(/* @vite-ignore */ url);
    const listeners = new Map<string, () => void>();
    const el = { textContent: '', onclick: () => {} };
    const model = {
      get: (name: string) => state[name],
      set: (name: string, value: number) => {
        state[name] = value;
        listeners.get(`change:${name}`)?.();
      },
      on: (event: string, listener: () => void) => listeners.set(event, listener),
      save_changes: () => comms.receive(said(message.comm, 'message', { data: { ...state } })),
    };
    module.render({ model, el });
    return { el, model };
  }

  it('a click in the front end changes the state in the kernel, and the kernel what is seen', async () => {
    const state = { count: 1 };
    const { set } = widget(state);
    const { el, model } = await draw(channel.comms[0]!);
    expect(el.textContent).toBe('1');
    el.onclick();
    expect(el.textContent).toBe('2');
    expect(state.count).toBe(2);
    set({ count: 10 });
    model.set('count', (channel.comms.at(-1)!.data as { count: number }).count);
    expect(el.textContent).toBe('10');
  });
});
