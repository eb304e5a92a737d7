import type { CellRun, KernelClient } from '../wire/client';

export interface Frame {
  id: number;
  name: string;
  line: number;
  column: number;
  source: { path: string };
}

export interface Variable {
  name: string;
  value: string;
  variablesReference: number;
}

interface Reply {
  success: boolean;
  message?: string;
  body: Record<string, unknown>;
}

/** A front end's debugger: it speaks the Debug Adapter Protocol with a kernel, as JupyterLab's does. */
export class DebugClient {
  readonly #kernel: KernelClient;
  #seq = 0;
  /** How many stops have been waited for. */
  #stops = 0;

  constructor(kernel: KernelClient) {
    this.#kernel = kernel;
  }

  async ask(command: string, given: object = {}): Promise<Reply> {
    this.#seq += 1;
    const content = { type: 'request', seq: this.#seq, command, arguments: given };
    const reply = await this.#kernel.request('control', 'debug_request', content);
    return reply.content as unknown as Reply;
  }

  /** What a request that is answered well brings. */
  async get<T>(command: string, given: object = {}): Promise<T> {
    const { success, message, body } = await this.ask(command, given);
    if (!success) throw new Error(`${command}: ${message}`);
    return body as T;
  }

  async attach(): Promise<void> {
    await this.get('initialize', { clientID: 'test', linesStartAt1: true });
    await this.get('attach');
  }

  /** @returns the lines where they came to stand */
  async setBreakpoints(
    code: string,
    ...breakpoints: (number | { line: number; condition: string })[]
  ): Promise<number[]> {
    const { sourcePath } = await this.get<{ sourcePath: string }>('dumpCell', { code });
    const asked = breakpoints.map((one) => (typeof one === 'number' ? { line: one } : one));
    const given = { source: { path: sourcePath }, breakpoints: asked, sourceModified: false };
    const set = await this.get<{ breakpoints: { line: number; verified: boolean }[] }>(
      'setBreakpoints',
      given,
    );
    return set.breakpoints.filter(({ verified }) => verified).map(({ line }) => line);
  }

  events(name: string): Record<string, unknown>[] {
    return this.#kernel.published
      .filter(({ header, content }) => header.msg_type === 'debug_event' && content.event === name)
      .map(({ content }) => content.body as Record<string, unknown>);
  }

  /** Waits until the program stops the next time. @returns why */
  async stop(seconds = 10): Promise<string> {
    const wanted = this.#stops + 1;
    await this.#kernel.until(() => this.events('stopped').length >= wanted, seconds);
    this.#stops = wanted;
    return String(this.events('stopped')[wanted - 1]?.reason);
  }

  /** `name:line` of each frame. */
  async stack(): Promise<string[]> {
    return (await this.frames()).map(({ name, line }) => `${name}:${line}`);
  }

  async frames(): Promise<Frame[]> {
    return (await this.get<{ stackFrames: Frame[] }>('stackTrace', { threadId: 1 })).stackFrames;
  }

  /** The variables that are seen from a frame, scope by scope. */
  async scopes(frame = 0): Promise<Record<string, Record<string, string>>> {
    const frameId = (await this.frames())[frame]?.id;
    const { scopes } = await this.get<{ scopes: { name: string; variablesReference: number }[] }>('scopes', {
      frameId,
    });
    const all: Record<string, Record<string, string>> = {};
    for (const { name, variablesReference } of scopes) {
      const held = await this.variables(variablesReference);
      all[name] = Object.fromEntries(held.map((one) => [one.name, one.value]));
    }
    return all;
  }

  async variables(variablesReference: number): Promise<Variable[]> {
    return (await this.get<{ variables: Variable[] }>('variables', { variablesReference })).variables;
  }
}

/** The MIME bundle of a cell's last expression. */
export function resultOf({ published }: Pick<CellRun, 'published'>): unknown {
  return published.find(({ header }) => header.msg_type === 'execute_result')?.content.data;
}
