import { AsyncResource } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { Channel } from '../session/channel';
import { type Context, currentContext } from '../session/contexts';
import { checkOptions, checkString } from './options';
import { progressBundle, type Standing } from './progressText';
import { nameOf, wellFormed } from './text';

export interface ProgressOptions {
  /** What is being done. */
  label?: string;
  /** How many steps it has; left out when nobody knows. */
  total?: number;
}

/** A task that shows how far it is. */
export interface Progress {
  /** Says how many steps are done. Cheap: call it after each. */
  update(done: number): void;
  /** Leaves one line of text. */
  end(): void;
  [Symbol.dispose](): void;
}

/** Milliseconds. A task shorter than PATIENCE shows nothing; a person sees no more than ten changes a second. */
const PATIENCE = 200;
const BETWEEN = 100;
/** The rate is that of the last so many lines shown: 3 s of a quick task. */
const REMEMBERED = 30;

type Ending = NonNullable<Standing['ending']>;

/** The tasks of all contexts: what an interrupt or an error ends says so. */
export class ProgressBars {
  readonly #channel: Channel;
  readonly #open = new WeakMap<Context, Set<Bar>>();
  /** Those that a context has updated, though another has started them. */
  readonly #lent = new WeakMap<Context, Set<Bar>>();
  readonly #over = new WeakSet<Context>();

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  start(options: ProgressOptions = {}): Progress {
    checkOptions('jupyter.progress', options, ['label', 'total']);
    const { label = '', total } = options;
    checkString('jupyter.progress: label', label);
    if (total !== undefined) checkSteps('jupyter.progress: total', total);
    const home = currentContext();
    const open = this.#openOf(home);
    const bar: Bar = new Bar(this.#channel, wellFormed(label), total, {
      updated: () => this.#lend(bar, home),
      ended: () => open?.delete(bar),
    });
    open?.add(bar);
    return bar;
  }

  /** Ends what a failed cell has left open. */
  stop(context: Context, ending: Ending): void {
    for (const bar of this.#open.get(context) ?? []) bar.finish(ending);
    this.rest(context);
  }

  /** A cell is through: what it has left open stands still, unless something of it goes on. */
  rest(context: Context): void {
    for (const bars of [this.#open, this.#lent]) for (const bar of bars.get(context) ?? []) bar.rest();
    this.#lent.delete(context);
    this.#over.add(context);
  }

  /** A bar stands still with the cell that moved it last; what moves it after its cell is in the background. */
  #lend(bar: Bar, home: Context | undefined): void {
    const context = currentContext();
    if (context === undefined || context === home || this.#over.has(context)) return;
    const lent = this.#lent.get(context);
    if (lent === undefined) this.#lent.set(context, new Set([bar]));
    else lent.add(bar);
  }

  #openOf(context: Context | undefined): Set<Bar> | undefined {
    if (context === undefined || context.ended !== undefined) return undefined;
    const known = this.#open.get(context);
    if (known !== undefined) return known;
    const open = new Set<Bar>();
    this.#open.set(context, open);
    // Bound, so that the last line goes to this cell, whatever runs when it ends.
    context.waiters.add(AsyncResource.bind(() => this.stop(context, 'interrupted')));
    return open;
  }
}

function checkSteps(what: string, steps: unknown): asserts steps is number {
  if (typeof steps !== 'number') throw new TypeError(`${what} must be a number, got ${nameOf(steps)}`);
  if (!(steps >= 0 && steps < Number.POSITIVE_INFINITY))
    throw new RangeError(`${what} must be a finite number >= 0, got ${steps}`);
}

interface Listeners {
  updated: () => void;
  ended: () => void;
}

class Bar implements Progress {
  readonly #channel: Channel;
  readonly #label: string;
  readonly #total: number | undefined;
  readonly #listeners: Listeners;
  readonly #id: string = randomUUID();
  readonly #began: number = performance.now();
  readonly #past: { at: number; done: number }[] = [{ at: this.#began, done: 0 }];
  #done = 0;
  #due: number = this.#began + PATIENCE;
  #shown = false;
  #ended = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(channel: Channel, label: string, total: number | undefined, listeners: Listeners) {
    this.#channel = channel;
    this.#label = label;
    this.#total = total;
    this.#listeners = listeners;
    this.#wait();
  }

  update(done: number): void {
    checkSteps('progress.update: the number of steps done', done);
    if (this.#ended) return;
    this.#done = done;
    this.#listeners.updated();
    if (performance.now() >= this.#due) this.#show();
    else this.#wait();
  }

  end(): void {
    this.finish('done');
  }

  [Symbol.dispose](): void {
    this.end();
  }

  finish(ending: Ending): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#listeners.ended();
    if (this.#shown) this.#publish(ending);
  }

  /** Says where it stands, as if it had ended. An update goes on with it. */
  rest(): void {
    const isDone = this.#total !== undefined && this.#done >= this.#total;
    if (isDone) this.end();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#shown && !this.#ended) this.#publish('stopped');
  }

  /** A task that does not come back soon is shown all the same. */
  #wait(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => this.#show(), this.#due - performance.now());
    this.#timer.unref();
  }

  #show(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#ended) return;
    const now = performance.now();
    this.#past.push({ at: now, done: this.#done });
    if (this.#past.length > REMEMBERED) this.#past.shift();
    this.#due = now + BETWEEN;
    this.#publish();
  }

  #publish(ending?: Ending): void {
    const data = progressBundle(this.#standing(ending));
    const display = { data, metadata: {} };
    this.#channel.publish({ kind: 'display', update: this.#shown, display, id: this.#id });
    this.#shown = true;
  }

  #standing(ending: Ending | undefined): Standing {
    const elapsed = performance.now() - this.#began;
    const known = { label: this.#label, done: this.#done, total: this.#total, elapsed, rate: this.#rate() };
    return ending === undefined ? known : { ...known, ending };
  }

  #rate(): number | undefined {
    const first = this.#past[0]!;
    const last = this.#past.at(-1)!;
    return last.done > first.done ? (1000 * (last.done - first.done)) / (last.at - first.at) : undefined;
  }
}
