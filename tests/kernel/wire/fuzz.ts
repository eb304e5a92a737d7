import type { Refusal } from '../../../kernel/src/wire/codec';
import { newHeader } from '../../../kernel/src/wire/message';
import { Signer } from '../../../kernel/src/wire/signing';
import { randomFrom } from '../../../src/random';

/** A message that no front end would send, and what has to become of it: 'read' ones are looked at by the kernel. */
export interface Bad {
  frames: Buffer[];
  becomes: Refusal | 'read';
}

const DELIMITER = Buffer.from('<IDS|MSG>');

/** Values of a type that a field does not expect, whatever it expects, and some that are only odd. */
const ODD: unknown[] = [
  ...[null, true, false, 0, -1, 1.5, 1e308, 2 ** 53, -(2 ** 31)],
  ...['', 'x', '\u0000', '\ud800', '💥'.repeat(50), '__proto__', '../../etc', '1'.repeat(5000)],
  ...[[], [[]], [null], {}, { a: 1 }, { toString: 1, valueOf: 2 }, { length: -1 }, nested(2000)],
];

/** The requests of the protocol with the fields that they have. `shutdown_request` is left out: it is obeyed. */
const REQUESTS: Record<string, Record<string, unknown>> = {
  execute_request: {
    ...{ code: 7, silent: false, store_history: true, user_expressions: {} },
    ...{ allow_stdin: false, stop_on_error: false },
  },
  inspect_request: { code: 7, cursor_pos: 1, detail_level: 0 },
  complete_request: { code: 7, cursor_pos: 1 },
  is_complete_request: { code: 7 },
  history_request: {
    ...{ output: false, raw: true, hist_access_type: 'range', session: 0, start: 0, stop: 1 },
    ...{ n: 1, pattern: '*', unique: false },
  },
  comm_info_request: { target_name: 'x' },
  comm_open: { comm_id: 'a', target_name: 'nobody', data: {} },
  comm_msg: { comm_id: 'a', data: {} },
  comm_close: { comm_id: 'a', data: {} },
  kernel_info_request: {},
  connect_request: {},
  interrupt_request: {},
  debug_request: { type: 'request', seq: 1, command: 'initialize', arguments: {} },
  create_subshell_request: {},
  input_reply: { value: '' },
  execute_reply: { status: 'ok' },
  ['__proto__']: {},
  constructor: {},
  toString: {},
  '💥': {},
};

/** Makes bad messages, signed with a connection's key where they are to get past the signature. */
export class Fuzzer {
  /** The right signatures of messages that were sent with a wrong one: nothing may ever show them. */
  readonly rightSignatures = new Set<string>();
  readonly #random: () => number;
  readonly #signer: Signer;
  #sent: Buffer[] | undefined;

  constructor({ key, hash }: { key: string; hash: string }, seed: number) {
    this.#signer = new Signer(key, hash);
    this.#random = randomFrom(seed).uniform;
  }

  message(): Bad {
    const kinds = [
      this.#noise,
      this.#cut,
      this.#forged,
      this.#garbled,
      this.#odd,
      this.#crowded,
      this.#replayed,
    ];
    return this.#pick(kinds).call(this);
  }

  bytes(longest: number): Buffer {
    const bytes = Buffer.alloc(Math.floor(this.#random() * (longest + 1)));
    for (let place = 0; place < bytes.length; place++) bytes[place] = this.#random() * 256;
    return bytes;
  }

  #noise(): Bad {
    const frames = Array.from({ length: 1 + this.#random() * 12 }, () => this.bytes(200));
    return { frames, becomes: 'malformed' };
  }

  /** Fewer frames than a message has. */
  #cut(): Bad {
    const frames = this.#signed(this.#texts('kernel_info_request', {}));
    return { frames: frames.slice(0, 1 + this.#random() * (frames.length - 1)), becomes: 'malformed' };
  }

  #forged(): Bad {
    const texts = this.#texts('execute_request', { code: 'process.exit(3)', silent: false });
    const right = this.#signer.sign(texts);
    this.rightSignatures.add(right);
    const wrong = this.#pick([
      () => this.bytes(100),
      () => Buffer.alloc(0),
      () => Buffer.from(right.slice(0, -1)),
      () => Buffer.from(`${right}0`),
      () => Buffer.from(`${right.slice(0, -1)}${right.endsWith('0') ? 1 : 0}`),
      () => Buffer.from(right.replace(/[a-f]/g, (digit) => digit.toUpperCase())),
      () => Buffer.from(right, 'hex'),
    ])();
    const forged = wrong.toString() !== right;
    return { frames: [DELIMITER, wrong, ...texts], becomes: forged ? 'forged' : 'read' };
  }

  /** A right signature over what is no message. */
  #garbled(): Bad {
    const unique = this.#random();
    const texts = this.#texts('kernel_info_request', { unique });
    texts[Math.floor(this.#random() * texts.length)] = this.#pick([
      () => Buffer.from([0xff, 0xfe, ...this.bytes(20), ...Buffer.from(String(unique))]),
      () => Buffer.from(`{"a": ${unique}`),
      () => Buffer.from(`[${unique}]`),
      () => Buffer.from(`"${unique}"`),
      () => Buffer.from(`${'['.repeat(5000)}${unique}`),
      () => Buffer.from(`{"__proto__": ${unique}, }`),
      () => Buffer.from(`${unique}`),
      () => Buffer.from(''),
    ])();
    return { frames: this.#signed(texts), becomes: 'garbled' };
  }

  /** A message as it should be, but for the types of its fields. */
  #odd(): Bad {
    const type = this.#pick(Object.keys(REQUESTS));
    const content = { ...REQUESTS[type] };
    for (const field of Object.keys(content)) {
      if (this.#random() < 0.3) content[field] = this.#pick(ODD);
      else if (this.#random() < 0.1) delete content[field];
    }
    // What is right would be run, or wait for TypeScript: few of those.
    if (typeof content.code === 'string' && this.#random() < 0.95)
      content.code = this.#pick([7, null, [], {}]);
    const buffers = this.#random() < 0.1 ? [this.bytes(1000), this.bytes(0)] : [];
    return { frames: [...this.#signed(this.#texts(type, content)), ...buffers], becomes: 'read' };
  }

  /** Many or large frames before the delimiter. */
  #crowded(): Bad {
    const count = this.#random() < 0.02 ? 2000 : 5;
    const idents = Array.from({ length: count }, () => this.bytes(count === 5 ? 300 : 3));
    if (this.#random() < 0.01) idents.push(Buffer.alloc(1_000_000, 7));
    return { frames: [...idents, ...this.#signed(this.#texts('comm_info_request', {}))], becomes: 'read' };
  }

  #replayed(): Bad {
    const becomes = this.#sent ? 'replayed' : 'read';
    this.#sent ??= this.#signed(this.#texts('kernel_info_request', {}));
    return { frames: this.#sent, becomes };
  }

  #texts(type: string, content: object): Buffer[] {
    return [newHeader(type, 'fuzz'), {}, {}, content].map((value) => Buffer.from(JSON.stringify(value)));
  }

  #signed(texts: Buffer[]): Buffer[] {
    return [DELIMITER, Buffer.from(this.#signer.sign(texts)), ...texts];
  }

  #pick<T>(choices: readonly T[]): T {
    return choices[Math.floor(this.#random() * choices.length)] as T;
  }
}

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { value };
  return value;
}
