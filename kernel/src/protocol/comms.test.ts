import { describe, expect, it } from 'vitest';
import { newHeader } from '../wire/message';
import { Comms, commContent, commMessage } from './comms';
import type { Request } from './requests';

function request(type: string, content: Request['content']): Request {
  const buffers = [Buffer.from('b')];
  const message = { idents: [], header: newHeader(type, 's'), parentHeader: {}, metadata: { m: 1 }, buffers };
  return { channel: 'shell', message: { ...message, content: {} }, content };
}

describe('comms', () => {
  it('of both sides are known while they are open', () => {
    const comms = new Comms();
    const shared = { data: null, metadata: {}, buffers: [] };
    comms.note({ kind: 'open', comm: 'a', target: 'plot', ...shared });
    comms.note({ kind: 'open', comm: 'b', target: 'table', ...shared });
    comms.note({ kind: 'message', comm: 'a', ...shared });
    expect(comms.info(undefined)).toEqual({ a: { target_name: 'plot' }, b: { target_name: 'table' } });
    expect(comms.info('plot')).toEqual({ a: { target_name: 'plot' } });
    comms.note({ kind: 'close', comm: 'a', ...shared });
    expect(comms.info('plot')).toEqual({});
  });

  it('come with data, metadata and buffers', () => {
    expect(commMessage(request('comm_msg', { comm_id: 'a', data: [1] }))).toEqual({
      kind: 'message',
      comm: 'a',
      data: [1],
      metadata: { m: 1 },
      buffers: [Buffer.from('b')],
    });
  });

  it('that name no target can not be opened', () => {
    expect(() => commMessage(request('comm_open', { comm_id: 'a' }))).toThrow('target_name');
  });

  it('are told to the front end in its own words', () => {
    const shared = { comm: 'a', data: { x: 1 }, metadata: {}, buffers: [] };
    expect(commContent({ kind: 'open', target: 'plot', ...shared })).toEqual({
      type: 'comm_open',
      content: { comm_id: 'a', target_name: 'plot', data: { x: 1 } },
    });
    expect(commContent({ kind: 'close', ...shared }).type).toBe('comm_close');
  });
});
