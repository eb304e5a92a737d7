import { inspect, types } from 'node:util';
import { Interrupted } from '../interruption';
import { ModuleNotFoundError } from '../modules/missing';

/** What can be said of a thrown value. Nothing of it is trusted: getters throw, proxies lie. */
export interface Read {
  name: string;
  message: string;
  /** The message as the stack has it. */
  rawMessage: string;
  /** Empty when there is none. */
  stack: string;
  /** Ended by the kernel: where the cell was then says nothing. */
  interrupted: boolean;
  cause?: unknown;
  /** What it has of its own beside these (`status`, `path`), as it would be shown; empty for nothing. */
  properties: string;
  /** Of an AggregateError, or of a SuppressedError (`using`). */
  errors: unknown[];
}

/** What a property holds, or undefined when asking for it throws. */
function property(value: object, key: string): unknown {
  try {
    return (value as Record<string, unknown>)[key];
  } catch {
    return undefined;
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function readThrown(value: unknown): Read {
  if (typeof value !== 'object' || value === null || !isErrorLike(value)) return thrownValue(value);
  const name = nameOf(value);
  const message = text(property(value, 'message')) ?? '';
  const read = {
    name,
    message: withCode(value, inUsersWords(name, message)),
    rawMessage: message,
    stack: stackOf(value),
    interrupted: value instanceof Interrupted,
    properties: safely(() => propertiesOf(value, message)) ?? '',
    errors: errorsIn(value),
  };
  const cause = property(value, 'cause');
  return cause === undefined ? read : { ...read, cause };
}

/** Errors of other realms and DOMExceptions too; not a proxy, whose every property is code. */
function isErrorLike(value: object): boolean {
  if (types.isProxy(value)) return false;
  if (types.isNativeError(value)) return true;
  try {
    return value instanceof Error;
  } catch {
    return false;
  }
}

function nameOf(value: object): string {
  const name = text(property(value, 'name'));
  if (name !== undefined && name !== '' && name !== 'Error') return name;
  const maker = property(value, 'constructor');
  const made = typeof maker === 'function' ? text(property(maker, 'name')) : undefined;
  return made === undefined || made === '' || made === 'Object' ? 'Error' : made;
}

/** V8 quotes what was called: of a notebook's variable, its box. */
function inUsersWords(name: string, message: string): string {
  if (name === 'DataCloneError') return withoutOurs(message);
  if (name !== 'TypeError') return message;
  return message.replace(/\$([A-Za-z_$][\w$]*)\.v\b/g, '$1').replace(/\(0 , ([\w$.]+)\)/g, '$1');
}

/** The text of a function that can not be sent, as far as it is the user's (`compiler/rewriteFunctions.ts`). */
function withoutOurs(message: string): string {
  return message
    .replace(/typeof \$enter\$* === "function" && \$enter\$*\(\)[;,]\s*/g, '')
    .replace(/\bawait \$await\$*\((?!\))/g, 'await (')
    .replace(/\$([A-Za-z_$][\w$]*)\.v\b/g, '$1');
}

/** `ENOENT` and the like, where the message does not say it. */
function withCode(value: object, message: string): string {
  if (value instanceof ModuleNotFoundError) return message;
  const code = text(property(value, 'code'));
  return code === undefined || code === '' || message.includes(code) ? message : `${message} [${code}]`;
}

function stackOf(value: object): string {
  const stack = property(value, 'stack');
  if (typeof stack === 'string') return stack;
  // A prepareStackTrace of the user's own may keep the call sites themselves.
  return Array.isArray(stack) ? stack.map((site) => `    at ${safely(() => String(site))}`).join('\n') : '';
}

/** Errors of a list that are shown. */
const SHOWN = 10;

function errorsIn(value: object): unknown[] {
  const errors = property(value, 'errors');
  if (Array.isArray(errors)) return safely(() => errors.slice(0, SHOWN)) ?? [];
  const suppressed = property(value, 'suppressed');
  return suppressed === undefined ? [] : [property(value, 'error'), suppressed];
}

function thrownValue(value: unknown): Read {
  const shown = safely(() => inspect(value, { depth: 2, maxStringLength: 2000, breakLength: 100 }));
  return {
    name: 'Thrown',
    message: shown ?? 'a value that cannot be shown',
    rawMessage: '',
    stack: '',
    interrupted: false,
    properties: '',
    errors: [],
  };
}

/** What is told elsewhere, or nobody reads. */
const TOLD = new Set([
  ...['name', 'message', 'stack', 'cause', 'errors', 'error', 'suppressed', 'errno'],
  // Of a child process: it is `stdout` and `stderr` once more.
  'output',
]);

/** A code that is a text stands behind the message (`withCode`). */
function isTold(name: string, held: unknown, message: string): boolean {
  return typeof held === 'string' && (name === 'code' || message.includes(held));
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

/** No getter is run. What the message says already is left out. */
function propertiesOf(value: object, message: string): string {
  const own = Object.entries(Object.getOwnPropertyDescriptors(value)).filter(
    ([name, { enumerable, value: held }]) => enumerable && !TOLD.has(name) && !isTold(name, held, message),
  );
  if (own.length === 0) return '';
  const shown = Object.defineProperties({}, Object.fromEntries(own)) as Record<string, unknown>;
  for (const [name, { value: held }] of own) if (held instanceof Uint8Array) shown[name] = textOf(held);
  return inspect(shown, { depth: 1, maxStringLength: 1000, maxArrayLength: 20, breakLength: 100 });
}

function safely<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
