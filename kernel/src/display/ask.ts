import type { Channel } from '../session/channel';
import { checkString } from './options';

/** What `Channel.input` throws when nobody can answer: nbclient, papermill and the like have no stdin. */
export class NoInputError extends Error {
  override readonly name = 'NoInputError' as const;

  constructor(
    message = 'this front end can not be asked for input; give prompt a fallback, prompt(text, fallback), or set the value in the cell',
  ) {
    super(message);
  }
}

export interface Asking {
  prompt(text?: string, fallback?: string): string;
  confirm(text?: string): boolean;
  password(text?: string): string;
}

/** Makes `prompt`, `confirm` and `jupyter.password`: they block until the person has answered. */
export function askingOn(channel: Channel): Asking {
  return {
    prompt: (text = '', fallback) => prompt(channel, text, fallback),
    confirm(text = '') {
      checkString('confirm: the text', text);
      return /^\s*y(es)?\s*$/i.test(channel.input(`${text} [y/N] `.trimStart(), false));
    },
    password(text = 'Password: ') {
      checkString('jupyter.password: the text', text);
      return channel.input(text, true);
    },
  };
}

function prompt(channel: Channel, text: string, fallback: string | undefined): string {
  checkString('prompt: the text', text);
  if (fallback === undefined) return channel.input(text, false);
  checkString('prompt: the fallback', fallback);
  return answerOr(fallback, () => channel.input(`${text} [${fallback}] `.trimStart(), false));
}

function answerOr(fallback: string, ask: () => string): string {
  try {
    return ask() || fallback;
  } catch (error) {
    if (error instanceof NoInputError) return fallback;
    throw error;
  }
}
