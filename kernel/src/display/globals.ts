import type { CommMessage } from '../places/messages';
import type { Channel } from '../session/channel';
import type { Context } from '../session/contexts';
import { askingOn } from './ask';
import { clearOutputOn } from './clear';
import { Comms } from './comm';
import { namePlaces } from './inspect';
import { type Jupyter, jupyterOn } from './jupyter';
import { Pending } from './pending';
import { ProgressBars } from './progress';
import { displayOn } from './show';

/** Where libraries look for the kernel that runs them. */
export const KERNEL: unique symbol = Symbol.for('jupyter.kernel') as never;

/** What the session tells the rooms of the user's displays. */
export interface Displays {
  jupyter: Jupyter;
  /** Hands a comm message to its handler, in the context that is current. Rejects with what the handler throws. */
  receiveComm(message: CommMessage): Promise<void>;
  /**
   * To be called once when a context's code is through, before it is reported as done: waits for the bundles that were
   * promised to `display`. Rejects with the first that failed: that is the cell's error. Progress left open stands still.
   */
  settle(context: Context): Promise<void>;
  /** To be called when a context failed: progress that it has not ended says so. */
  stop(context: Context): void;
}

export interface DisplaySettings {
  /** Megabytes of output that a cell may have before it says otherwise: what the protocol starts with. */
  outputLimit: number;
  /** Gives stacks in a text the lines of the cells. */
  withPlaces?: (text: string) => string;
}

/** Adds the kernel's names to the global object of the cells. To be called once. */
export function installGlobals(target: object, channel: Channel, settings: DisplaySettings): Displays {
  if (settings.withPlaces !== undefined) namePlaces(settings.withPlaces);
  const pending = new Pending();
  const comms = new Comms(channel);
  const bars = new ProgressBars(channel);
  const display = displayOn(channel, pending);
  const clearOutput = clearOutputOn(channel);
  const { prompt, confirm, password } = askingOn(channel);
  const jupyter = jupyterOn({
    ...{ channel, comms, bars, display, clearOutput, password },
    outputLimit: settings.outputLimit,
  });
  define(target, { display, clearOutput, prompt, confirm });
  for (const name of ['jupyter', KERNEL])
    Object.defineProperty(target, name, { get: () => jupyter, enumerable: false, configurable: true });
  return {
    jupyter,
    receiveComm: (message) => comms.receive(message),
    settle: async (context) => {
      await pending.settle(context);
      bars.rest(context);
    },
    stop: (context) => bars.stop(context, context.ended ? 'interrupted' : 'stopped'),
  };
}

function define(target: object, names: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(names))
    Object.defineProperty(target, name, { value, writable: true, enumerable: false, configurable: true });
}
