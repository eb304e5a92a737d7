import type { Header } from '../wire/message';
import type { Post } from './post';

export interface Extras {
  metadata?: Record<string, unknown>;
  buffers?: Uint8Array[];
}

/** What all front ends hear: outputs and states, each with the request that caused it. */
export class Iopub {
  readonly #post: Post;
  /** The request of the cell that is running: the kernel is busy for as long as it is. */
  #running: Header | undefined;

  constructor(post: Post) {
    this.#post = post;
  }

  publish(
    type: string,
    content: object,
    parent: Header | undefined,
    { metadata, buffers }: Extras = {},
  ): void {
    this.#post({ channel: 'iopub', type, content, parent, metadata, buffers });
  }

  /** The request of the cell that is running. */
  get running(): Header | undefined {
    return this.#running;
  }

  starting(): void {
    this.publish('status', { execution_state: 'starting' }, undefined);
  }

  /** A new subscriber is told that it is one, before anything else reaches it. */
  welcome(topic: Buffer): void {
    const content = { subscription: topic.toString() };
    this.#post({ channel: 'iopub', type: 'iopub_welcome', content, idents: [topic] });
  }

  busy(parent: Header): void {
    this.publish('status', { execution_state: 'busy' }, parent);
  }

  cellBusy(parent: Header): void {
    this.#running = parent;
    this.busy(parent);
  }

  cellIdle(parent: Header): void {
    this.#running = undefined;
    this.idle(parent);
  }

  /**
   * While a cell runs, the end of another request is followed by `busy` with the cell's own parent: JupyterLab takes
   * any `idle` for the kernel's.
   */
  idle(parent: Header): void {
    this.publish('status', { execution_state: 'idle' }, parent);
    if (this.#running !== undefined) this.busy(this.#running);
  }
}
