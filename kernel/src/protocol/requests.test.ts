import { describe, expect, it } from 'vitest';
import { newHeader } from '../wire/message';
import type { Outgoing } from './post';
import { asCellError, BadRequest, field, reply } from './requests';

describe('a field of a request', () => {
  it('is what came, or its default when nothing did', () => {
    expect(field({ code: '1' }, 'code', 'string')).toBe('1');
    expect(field({}, 'silent', 'boolean', false)).toBe(false);
  });

  it.each([
    [{ code: 1 }, 'code: expected a string, got number'],
    [{ code: null }, 'code: expected a string, got null'],
    [{ code: ['1'] }, 'code: expected a string, got a list'],
    [{}, 'code: expected a string, got undefined'],
  ])('of a wrong type is refused by name: %j', (content, message) => {
    expect(() => field(content, 'code', 'string')).toThrow(new BadRequest(message));
  });

  it('that is an object is no list', () => {
    expect(() => field({ user_expressions: [] }, 'user_expressions', 'object')).toThrow('got a list');
  });
});

describe('a reply', () => {
  it('goes back to who asked, on its channel, with the type of the request', () => {
    const sent: Outgoing[] = [];
    const header = newHeader('kernel_info_request', 'front end');
    const idents = [Buffer.from('client')];
    const message = { idents, header, parentHeader: {}, metadata: {}, content: {}, buffers: [] };
    reply((one) => sent.push(one), { channel: 'control', message, content: {} }, { status: 'ok' });
    expect(sent).toEqual([
      { channel: 'control', type: 'kernel_info_reply', content: { status: 'ok' }, parent: header, idents },
    ]);
  });

  it('tells of what is no Error, too', () => {
    expect(asCellError('gone')).toEqual({ ename: 'Error', evalue: 'gone', traceback: ['Error: gone'] });
  });
});
