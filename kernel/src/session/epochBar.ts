import type { Progress, ProgressOptions } from '../display/progress';

/** What `model.fit` calls of the package `progress`, whose bars are for terminals. */
interface TerminalBar {
  tick(first?: number | object, tokens?: object): void;
}

/**
 * How far an epoch of `model.fit` is, as a bar of ours. TensorFlow.js ticks after each batch, and once more at the end of
 * the epoch, which its total counts too. Where it does not know the number of batches, it ticks by zeros until the end.
 */
export function epochBars(
  start: (options: ProgressOptions) => Progress,
): new (
  format: string,
  options: { total: number },
) => TerminalBar {
  return class EpochBar {
    readonly #batches: number | undefined;
    readonly #progress: Progress;
    #done = 0;

    constructor(_format: string, { total }: { total: number }) {
      this.#batches = total > 1 ? total - 1 : undefined;
      this.#progress = start({
        label: 'batches',
        ...(this.#batches !== undefined && { total: this.#batches }),
      });
    }

    tick(first?: number | object): void {
      const isBatch = this.#batches === undefined ? first === 0 : this.#done < this.#batches;
      if (isBatch) {
        this.#done += 1;
        this.#progress.update(this.#done);
      } else this.#progress.end();
    }
  };
}
