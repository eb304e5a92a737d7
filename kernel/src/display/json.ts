import type { Json } from '../places/messages';
import { messageOf, nameOf, wellFormed } from './text';

/** A lone surrogate as JSON.stringify writes it. */
const ESCAPED_SURROGATE = /\\ud[89a-f]/;

/**
 * A copy of what JSON keeps of a value: what the user's code changes later does not reach the message.
 *
 * @throws TypeError naming `what`, when JSON has no form for it (functions, BigInt, circles)
 */
export function toJson(what: string, value: unknown): Json {
  const text = stringify(what, value);
  if (text === undefined)
    throw new TypeError(`${what} must be JSON (objects, arrays, strings, numbers …), got ${nameOf(value)}`);
  return ESCAPED_SURROGATE.test(text) ? JSON.parse(text, repair) : JSON.parse(text);
}

function stringify(what: string, value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (error) {
    const [reason] = messageOf(error).split('\n');
    throw new TypeError(`${what} can not be written as JSON: ${reason}`, { cause: error });
  }
}

function repair(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? wellFormed(value) : value;
}
