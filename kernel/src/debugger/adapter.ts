import { commands } from './commands';
import type { Arguments, Body, Reply } from './dap';
import { Debugger, type DebuggerOptions } from './debugger';

/** Answers the requests of the Debug Adapter Protocol, as Jupyter's `debug_request` carries them. */
export class Adapter {
  readonly debugger: Debugger;
  readonly #commands: ReturnType<typeof commands>;
  #sent = 0;

  constructor(options: Omit<DebuggerOptions, 'tell'> & { publish: (event: object) => void }) {
    const { publish, ...rest } = options;
    const tell = (event: string, body: object): void =>
      publish({ type: 'event', seq: this.#next(), event, body });
    this.debugger = new Debugger({ ...rest, tell });
    this.#commands = commands({ ...rest, debugger: this.debugger });
  }

  /** Never rejects: what goes wrong is said in the reply. */
  async answer(request: Record<string, unknown>): Promise<Reply> {
    const command = String(request.command);
    const about = { type: 'response' as const, request_seq: Number(request.seq), command };
    try {
      const body = await this.#run(command, (request.arguments ?? {}) as Arguments);
      return { ...about, seq: this.#next(), success: true, body };
    } catch (error) {
      return { ...about, seq: this.#next(), success: false, message: (error as Error).message, body: {} };
    }
  }

  async #run(command: string, given: Arguments): Promise<Body> {
    if (!Object.hasOwn(this.#commands, command)) throw new Error(`The debugger knows no request ${command}.`);
    return (await this.#commands[command]?.(given)) ?? {};
  }

  #next(): number {
    this.#sent += 1;
    return this.#sent;
  }
}
