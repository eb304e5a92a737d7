import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import { Readable } from 'node:stream';

/** Cells ask by `prompt`. Reading the kernel's own input, which nobody writes to, would wait for ever: it ends at once. */
export function emptyStdin(): void {
  if (process.platform !== 'win32') closeDescriptor();
  let stdin = new EmptyInput();
  Object.defineProperty(process, 'stdin', {
    configurable: true,
    enumerable: true,
    // What one cell has read to its end is there for the next.
    get: () => {
      if (stdin.readableEnded || stdin.destroyed) stdin = new EmptyInput();
      return stdin;
    },
  });
}

/** For `readFileSync(0)` and for child processes that inherit it. */
function closeDescriptor(): void {
  try {
    closeSync(0);
  } catch {
    // It was closed from the start.
  }
  openSync(devNull, 'r');
}

class EmptyInput extends Readable {
  readonly fd: number = 0;
  readonly isTTY: boolean = false;

  override _read(): void {
    this.push(null);
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}
