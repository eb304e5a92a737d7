import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ConnectionError, endpoint, readConnection } from './connection';

const folder = mkdtempSync(path.join(tmpdir(), 'losslab-connection-'));
afterAll(() => rmSync(folder, { recursive: true }));

const KEY = 'a-very-secret-key';
const FIELDS = {
  transport: 'tcp',
  ip: '127.0.0.1',
  shell_port: 1001,
  iopub_port: 1002,
  stdin_port: 1003,
  control_port: 1004,
  hb_port: 1005,
  key: KEY,
  signature_scheme: 'hmac-sha256',
  kernel_name: 'losslab',
};

function written(content: string | object): string {
  const file = path.join(folder, 'kernel.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

function problem(file: string): string {
  try {
    readConnection(file);
  } catch (error) {
    expect(error).toBeInstanceOf(ConnectionError);
    return (error as Error).message;
  }
  throw new Error('The file was read.');
}

describe('a connection file', () => {
  it('gives the ports, the key and the hash', () => {
    expect(readConnection(written(FIELDS))).toEqual({
      transport: 'tcp',
      ip: '127.0.0.1',
      ports: { shell: 1001, iopub: 1002, stdin: 1003, control: 1004, hb: 1005 },
      key: KEY,
      hash: 'sha256',
      kernelName: 'losslab',
    });
  });

  it('may leave out what Jupyter has defaults for', () => {
    const { transport, signature_scheme, kernel_name, ...rest } = FIELDS;
    expect(readConnection(written(rest))).toMatchObject({ transport: 'tcp', hash: 'sha256' });
  });

  it('may have an empty key, which means unsigned, but must say so', () => {
    expect(readConnection(written({ ...FIELDS, key: '' })).key).toBe('');
    const { key, ...keyless } = FIELDS;
    expect(problem(written(keyless))).toContain('has no key: expected a string');
  });

  it('may have keys for encryption, both of them', () => {
    const [publicKey, secretKey] = ['p/(&9'.repeat(8), '{Z-5.'.repeat(8)];
    const keys = { curve_publickey: publicKey, curve_secretkey: secretKey };
    expect(readConnection(written({ ...FIELDS, ...keys })).curve).toEqual({ publicKey, secretKey });
    expect(problem(written({ ...FIELDS, curve_publickey: publicKey }))).toContain('has no curve_secretkey');
    const said = problem(written({ ...FIELDS, ...keys, curve_secretkey: `${secretKey}x` }));
    expect(said).toContain('expected 40 characters of Z85, got a value of type string');
    expect(said).not.toContain(secretKey);
  });

  it('that is missing is named, with what to do', () => {
    const file = path.join(folder, 'none.json');
    expect(problem(file)).toBe(
      `The connection file "${file}" can not be read (ENOENT). Start the kernel from Jupyter, which writes this file.`,
    );
  });

  it.each([
    ['not JSON', `{"key": "${KEY}", `, 'is not JSON'],
    ['no object', '[1]', 'holds no JSON object'],
    ['an unknown transport', { ...FIELDS, transport: 'pgm' }, 'expected "tcp" or "ipc", got "pgm"'],
    ['no address', { ...FIELDS, ip: '' }, 'has a wrong ip: expected an address, got ""'],
    [
      'a port too large',
      { ...FIELDS, hb_port: 65536 },
      'has a wrong hb_port: expected a port from 1 to 65535',
    ],
    ['a port in quotes', { ...FIELDS, shell_port: '1001' }, 'has a wrong shell_port'],
    ['no port', { ...FIELDS, iopub_port: undefined }, 'has no iopub_port'],
    ['a key that is no text', { ...FIELDS, key: [KEY] }, 'expected a string, got a value of type object'],
    ['no HMAC', { ...FIELDS, signature_scheme: 'sha256' }, 'has a wrong signature_scheme'],
    [
      'an unknown hash',
      { ...FIELDS, signature_scheme: 'hmac-crc32' },
      'a hash that Node knows, got "hmac-crc32"',
    ],
  ])('with %s is refused in one line without the key', (_, content, message) => {
    const said = problem(written(content));
    expect(said).toContain(message);
    expect(said).not.toContain('\n');
    expect(said).not.toContain(KEY);
  });
});

describe('the address of a socket', () => {
  it('is what the file says, and an IPv6 address stands in brackets', () => {
    const connection = readConnection(written(FIELDS));
    expect(endpoint(connection, 'control')).toBe('tcp://127.0.0.1:1004');
    expect(endpoint({ ...connection, ip: '::1' }, 'hb')).toBe('tcp://[::1]:1005');
  });

  it('is a path with a number for ipc', () => {
    const connection = readConnection(written({ ...FIELDS, transport: 'ipc', ip: '/run/k', shell_port: 1 }));
    expect(endpoint(connection, 'shell')).toBe('ipc:///run/k-1');
  });
});
