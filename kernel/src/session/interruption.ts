import type { Interruption } from '../places/messages';

/** Why the kernel ended a cell. The class's name is what Jupyter shows as the error's name. */
export abstract class Interrupted extends Error {}

/** The person pressed stop: named as every notebook calls it. */
export class KeyboardInterrupt extends Interrupted {
  override readonly name = 'KeyboardInterrupt';

  constructor(what = 'the cell') {
    super(`${what} was interrupted; variables keep what they held`);
  }
}

/** The cell was ended before V8 would have ended the process. */
export class HeapLimitError extends Interrupted {
  override readonly name = 'HeapLimitError';

  constructor(limitBytes?: number, what = 'the cell') {
    const limit = limitBytes === undefined ? '' : ` of ${Math.round(limitBytes / 2 ** 20)} MB`;
    super(
      `${what} came close to the limit${limit} of JavaScript's heap and was ended; the session goes on. ` +
        'Drop what is not needed, or install the kernel with a higher limit: ' +
        '--node-options=--max-old-space-size=<megabytes>',
    );
  }
}

/** The cell called process.exit, process.abort or killed its own process. */
export class ExitError extends Interrupted {
  override readonly name = 'ExitError';

  constructor(call = 'process.exit()') {
    super(
      `${call} was called and ended this cell; the kernel goes on. To end the kernel use the Kernel menu.`,
    );
  }
}

/** For switches over the protocol's names of interruptions. */
export function interruptionOf(reason: Interruption, heapLimit: number, what?: string): Interrupted {
  if (reason === 'HeapLimit') return new HeapLimitError(heapLimit, what);
  return reason === 'Exit' ? new ExitError() : new KeyboardInterrupt(what);
}
