import { getHashes } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** The five sockets, and how the connection file names their ports. */
export const CHANNELS = ['shell', 'iopub', 'stdin', 'control', 'hb'] as const;
export type Channel = (typeof CHANNELS)[number];

/** What a front end says about where the kernel listens, and which messages it may trust. */
export interface Connection {
  transport: 'tcp' | 'ipc';
  /** An address or, for ipc, the beginning of the sockets' paths. */
  ip: string;
  /** Ports or, for ipc, the ends of the sockets' paths. */
  ports: Record<Channel, number>;
  /** Secret. Empty: messages are not signed. */
  key: string;
  /** The hash of the signatures, as `node:crypto` names it. */
  hash: string;
  /** With these keys of the kernel's the sockets are encrypted (CurveZMQ): new front ends can ask for it. Secret. */
  curve?: { publicKey: string; secretKey: string };
  kernelName?: string;
}

/** A connection file that can not be used: its message is one line that says what to do. */
export class ConnectionError extends Error {
  override name = 'ConnectionError';
}

const HELP = 'Start the kernel from Jupyter, which writes this file.';

/** @throws ConnectionError when the file can not be read or misses something. Never with the key in its message. */
export function readConnection(file: string): Connection {
  const refuse = (problem: string): never => {
    throw new ConnectionError(`The connection file ${JSON.stringify(file)} ${problem}. ${HELP}`);
  };
  const fields = parse(read(file, refuse), refuse);
  const transport = readTransport(fields, refuse);
  const port = (channel: Channel): number => readPort(fields, channel, transport, refuse);
  return {
    transport,
    ip: readIp(fields, refuse),
    ports: {
      shell: port('shell'),
      iopub: port('iopub'),
      stdin: port('stdin'),
      control: port('control'),
      hb: port('hb'),
    },
    key: typeof fields.key === 'string' ? fields.key : refuse(expected('key', 'a string', fields.key, true)),
    hash: readHash(fields, refuse),
    ...readCurve(fields, refuse),
    ...(typeof fields.kernel_name === 'string' && { kernelName: fields.kernel_name }),
  };
}

/** Where the socket of a channel listens, as ZeroMQ writes it. */
export function endpoint({ transport, ip, ports }: Connection, channel: Channel): string {
  if (transport === 'ipc') return `ipc://${ip}-${ports[channel]}`;
  return `tcp://${ip.includes(':') ? `[${ip}]` : ip}:${ports[channel]}`;
}

type Refuse = (problem: string) => never;
type Fields = Record<string, unknown>;

function read(file: string, refuse: Refuse): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    return refuse(`can not be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`);
  }
}

function parse(text: string, refuse: Refuse): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, which may hold the key.
    return refuse('is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refuse('holds no JSON object');
  }
  return value as Fields;
}

function readTransport({ transport = 'tcp' }: Fields, refuse: Refuse): 'tcp' | 'ipc' {
  if (transport === 'tcp' || transport === 'ipc') return transport;
  return refuse(expected('transport', '"tcp" or "ipc"', transport));
}

function readIp({ ip }: Fields, refuse: Refuse): string {
  if (typeof ip === 'string' && ip !== '') return ip;
  return refuse(expected('ip', 'an address', ip));
}

function readPort(fields: Fields, channel: Channel, transport: string, refuse: Refuse): number {
  const name = `${channel}_port`;
  const port = fields[name];
  const last = transport === 'ipc' ? Number.MAX_SAFE_INTEGER : 65535;
  if (Number.isInteger(port) && (port as number) >= 1 && (port as number) <= last) return port as number;
  return refuse(expected(name, transport === 'ipc' ? 'a positive integer' : 'a port from 1 to 65535', port));
}

function readHash({ signature_scheme: scheme = 'hmac-sha256' }: Fields, refuse: Refuse): string {
  const hash = typeof scheme === 'string' && scheme.startsWith('hmac-') ? scheme.slice('hmac-'.length) : '';
  if (getHashes().includes(hash)) return hash;
  return refuse(expected('signature_scheme', '"hmac-" and a hash that Node knows', scheme));
}

/** A key in Z85, ZeroMQ's writing of 32 bytes. */
const Z85_KEY = /^[0-9a-zA-Z.\-:+=^!/*?&<>()[\]{}@%$#]{40}$/;

function readCurve(fields: Fields, refuse: Refuse): Pick<Connection, 'curve'> {
  if (fields.curve_publickey === undefined && fields.curve_secretkey === undefined) return {};
  const key = (name: string): string => {
    const value = fields[name];
    if (typeof value === 'string' && Z85_KEY.test(value)) return value;
    return refuse(expected(name, '40 characters of Z85', value, true));
  };
  return { curve: { publicKey: key('curve_publickey'), secretKey: key('curve_secretkey') } };
}

function expected(field: string, what: string, value: unknown, secret = false): string {
  if (value === undefined) return `has no ${field}: expected ${what}`;
  const came = secret ? `a value of type ${typeof value}` : JSON.stringify(value);
  return `has a wrong ${field}: expected ${what}, got ${came}`;
}
