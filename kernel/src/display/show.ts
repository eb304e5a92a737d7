import { randomUUID } from 'node:crypto';
import type { Display } from '../places/messages';
import type { Channel } from '../session/channel';
import { DisplayHandle } from './handle';
import { toDisplayOf } from './mime';
import { checkFlag, checkOptions, checkString } from './options';
import type { Pending } from './pending';
import { wellFormed } from './text';
import { toDisplay } from './toDisplay';

export interface DisplayOptions {
  /** Displays with the same id change together. */
  id?: string;
  /** Changes the displays with this id instead of adding one. */
  update?: boolean;
  /** The value is a MIME bundle. */
  raw?: boolean;
}

export type DisplayFunction = (value: unknown, options?: DisplayOptions) => DisplayHandle;

/** Makes `display`: what is known at once is published at once, promised bundles when they come, in order for each id. */
export function displayOn(channel: Channel, pending: Pending): DisplayFunction {
  const show = inOrder(channel, pending);
  return (value, options = {}) => {
    checkDisplayOptions(options);
    const { id: wanted, update = false, raw = false } = options;
    const id = wanted === undefined ? randomUUID() : wellFormed(wanted);
    show(id, update, displayOf(value, raw));
    return new DisplayHandle(id, (next) => show(id, true, displayOf(next, raw)));
  };
}

function checkDisplayOptions(options: DisplayOptions): void {
  checkOptions('display', options, ['id', 'update', 'raw']);
  const { id, update, raw } = options;
  if (id !== undefined) checkString('display: id', id);
  if (id === '') throw new TypeError('display: id must not be empty');
  checkFlag('display: update', update);
  checkFlag('display: raw', raw);
  if (update && id === undefined)
    throw new TypeError(
      'display: update needs the id of what is to be updated: display(x, { id, update: true })',
    );
}

function displayOf(value: unknown, raw: boolean): Display | Promise<Display> {
  return raw ? toDisplayOf('display', value) : toDisplay(value);
}

type Show = (id: string, update: boolean, display: Display | Promise<Display>) => void;

function inOrder(channel: Channel, pending: Pending): Show {
  const tails = new Map<string, Promise<unknown>>();
  return (id, update, made) => {
    const publish = (display: Display) => channel.publish({ kind: 'display', update, display, id });
    const tail = tails.get(id);
    if (tail === undefined && !(made instanceof Promise)) return publish(made);
    const ready = Promise.all([made, tail]);
    pending.add(ready.then(([display]) => publish(display)));
    const forget = (): void => {
      if (tails.get(id) === settled) tails.delete(id);
    };
    const settled: Promise<void> = ready.then(forget, forget);
    tails.set(id, settled);
  };
}
