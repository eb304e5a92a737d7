import { Readable } from 'node:stream';

/** Cells ask by `prompt`. The kernel's own input, which nobody writes to, ends at once, as descriptor 0 does (`emptyInput`). */
export function emptyStdin(): void {
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
