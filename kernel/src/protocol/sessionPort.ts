import type { CompiledCell } from '../places/compiled';
import type { CommMessage, Expression, FromSession, Interruption, ToSession } from '../places/messages';

type Done = Extract<FromSession, { type: 'done' }>;

/** The protocol's way to the user's code: each request answered by a promise, whenever the main thread gets to it. */
export class SessionPort {
  readonly #send: (message: ToSession) => void;
  readonly #waiting = new Map<string, (message: FromSession) => void>();

  constructor(send: (message: ToSession) => void) {
    this.#send = send;
  }

  run(context: number, count: number, silent: boolean, cell: CompiledCell): Promise<Done> {
    const done = this.#answer(`done ${context}`);
    this.#send({ type: 'run', context, count, silent, cell });
    return done as Promise<Done>;
  }

  async express(context: number, cell: CompiledCell): Promise<Expression> {
    const answer = this.#answer(`expressed ${context}`);
    this.#send({ type: 'express', context, cell });
    return ((await answer) as Extract<FromSession, { type: 'expressed' }>).expression;
  }

  async comm(context: number, message: CommMessage): Promise<void> {
    const answer = this.#answer(`handled ${context}`);
    this.#send({ type: 'comm', context, message });
    await answer;
  }

  interrupt(request: number, reason: Interruption): void {
    this.#send({ type: 'interrupt', request, reason });
  }

  exit(): void {
    this.#send({ type: 'exit' });
  }

  /** @returns false when nobody waits for such an answer */
  settle(message: FromSession): boolean {
    const key = 'context' in message ? `${message.type} ${message.context}` : message.type;
    const waiting = this.#waiting.get(key);
    this.#waiting.delete(key);
    waiting?.(message);
    return waiting !== undefined;
  }

  #answer(key: string): Promise<FromSession> {
    return new Promise((resolve) => this.#waiting.set(key, resolve));
  }
}
