import type { Channel } from '../session/channel';
import { currentContext } from '../session/contexts';
import type { ClearOutput } from './clear';
import type { Comm, CommExtras, CommOpened, Comms } from './comm';
import { image } from './image';
import type { Progress, ProgressBars, ProgressOptions } from './progress';
import { html, latex, md, svg, type Tag } from './rich';
import type { DisplayFunction } from './show';
import { nameOf } from './text';

/** The object `jupyter`, and what libraries find as `globalThis[Symbol.for('jupyter.kernel')]`. */
export interface Jupyter {
  readonly display: DisplayFunction;
  readonly clearOutput: ClearOutput;
  readonly html: Tag;
  readonly md: Tag;
  readonly svg: Tag;
  readonly latex: Tag;
  readonly image: typeof image;
  readonly password: (text?: string) => string;
  readonly signal: AbortSignal;
  readonly progress: (options?: ProgressOptions) => Progress;
  readonly comm: {
    readonly open: (target: string, data?: unknown, options?: CommExtras & { id?: string }) => Comm;
    readonly register: (target: string, opened: CommOpened) => void;
  };
  outputLimit: number;
}

/** What `jupyter` is made of. */
export interface Parts {
  channel: Channel;
  comms: Comms;
  bars: ProgressBars;
  display: DisplayFunction;
  clearOutput: ClearOutput;
  password: (text?: string) => string;
  outputLimit: number;
}

export function jupyterOn(parts: Parts): Jupyter {
  const { channel, comms, bars, display, clearOutput, password } = parts;
  const never = new AbortController().signal;
  let limit = parts.outputLimit;
  return Object.freeze<Jupyter>({
    ...{ display, clearOutput, html, md, svg, latex, image, password },
    get signal() {
      return currentContext()?.signal ?? never;
    },
    progress: (options) => bars.start(options),
    comm: Object.freeze({
      open: comms.open.bind(comms),
      register: comms.register.bind(comms),
    }),
    get outputLimit() {
      return limit;
    },
    set outputLimit(megabytes) {
      checkLimit(megabytes);
      channel.setOutputLimit(megabytes);
      limit = megabytes;
    },
  });
}

function checkLimit(megabytes: unknown): void {
  if (typeof megabytes !== 'number' || !(megabytes > 0))
    throw new RangeError(
      `jupyter.outputLimit must be a number of megabytes > 0 (Infinity for no limit), got ${typeof megabytes === 'number' ? megabytes : nameOf(megabytes)}`,
    );
}
