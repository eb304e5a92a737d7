import { type Context, currentContext } from '../session/contexts';

/**
 * What a cell has begun to show and not yet shown (bundles that are promised). The cell waits for it, and its failure
 * is the cell's; what fails after the cell's end is an unhandled rejection like any other.
 */
export class Pending {
  readonly #open = new WeakMap<Context, Promise<void>[]>();
  readonly #ended = new WeakSet<Context>();

  /** Belongs to the context that runs. */
  add(promise: Promise<void>): void {
    const context = currentContext();
    if (context === undefined || this.#ended.has(context)) return;
    promise.catch(() => undefined);
    const open = this.#open.get(context);
    if (open === undefined) this.#open.set(context, [promise]);
    else open.push(promise);
  }

  /** Waits for all that a context has to show, and ends it: the first failure is thrown. */
  async settle(context: Context): Promise<void> {
    let failure: PromiseRejectedResult | undefined;
    for (let open = this.#take(context); open.length > 0; open = this.#take(context)) {
      const outcomes = await Promise.allSettled(open);
      failure ??= outcomes.find((outcome) => outcome.status === 'rejected');
    }
    this.#ended.add(context);
    if (failure !== undefined) throw failure.reason;
  }

  #take(context: Context): Promise<void>[] {
    const open = this.#open.get(context) ?? [];
    this.#open.delete(context);
    return open;
  }
}
