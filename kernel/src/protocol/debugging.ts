import type { Adapter } from '../debugger/adapter';
import { Sources } from '../debugger/sources';
import type { CompiledCell, Compiler } from '../places/compiled';
import type { Iopub } from './iopub';

export interface DebuggingOptions {
  compiler: Compiler;
  iopub: Iopub;
  isInterrupting: () => boolean;
  heapIsFull: () => void;
}

/** The debugger as the rest of the protocol sees it: loaded when a front end first asks for it. */
export class Debugging {
  readonly #options: DebuggingOptions;
  readonly #sources = new Sources();
  #adapter: Adapter | undefined;

  constructor(options: DebuggingOptions) {
    this.#options = options;
  }

  answer(request: Record<string, unknown>): Promise<object> {
    this.#adapter ??= this.#load();
    return this.#adapter.answer(request);
  }

  /** Before a cell runs. @param count What stands in the brackets beside it. */
  async prepare(cell: CompiledCell, count: number): Promise<void> {
    const scripts = this.#sources.remember(cell, count);
    await this.#adapter?.debugger.prepare(scripts);
  }

  /** Whether V8 has stopped the user's thread, so that it hears no message. */
  get stands(): boolean {
    return this.#adapter?.debugger.stands === true;
  }

  /** @param end Whether what the thread was doing when it was stopped ends. */
  async letGo(end: boolean): Promise<void> {
    await this.#adapter?.debugger.letGo(end);
  }

  async close(): Promise<void> {
    await this.#adapter?.debugger.detach();
  }

  #load(): Adapter {
    const { Adapter } = require('../debugger/adapter') as typeof import('../debugger/adapter');
    const { iopub, ...rest } = this.#options;
    const publish = (event: object): void => iopub.publish('debug_event', event, iopub.running);
    const isRunning = (): boolean => iopub.running !== undefined;
    return new Adapter({ ...rest, sources: this.#sources, publish, isRunning });
  }
}
