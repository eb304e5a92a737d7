import { Session } from 'node:inspector';
import { setTimeout as sleep } from 'node:timers/promises';

/** What `Runtime.evaluate` answers. */
export interface Evaluated {
  result: { value?: unknown; objectId?: string };
  /** What was thrown. */
  exceptionDetails?: object;
}

/** A question that has no answer for so long (milliseconds) may have been ended before it could give one. */
const LOST_MS = 1000;

/** V8's inspector of the main thread, from the protocol's: heard while the main thread computes, not in native code. */
export class MainThread {
  #session: Session | undefined;
  #isClosed = false;
  #asked: Promise<unknown> = Promise.resolve();

  /** Rejects when it is closed: who still asks shall not hold up the process, which is about to end. */
  post<T>(method: string, params: object = {}): Promise<T> {
    if (this.#isClosed) return Promise.reject(new Error(`${method}: the inspector is closed`));
    const session = this.#connected();
    return new Promise((resolve, reject) => {
      session.post(method, params, (error, result) => {
        // Not always an `Error`: a bare `{ code, message }`.
        if (error) reject(new Error(`${method}: ${error.message}`));
        else resolve(result as T);
      });
    });
  }

  /**
   * Asks one question after the other: a second one that is there already when the first terminates what runs would be
   * terminated in its place, and V8 forgets the matter. @returns undefined when the question itself was ended
   */
  inTurn(expression: string): Promise<Evaluated | undefined> {
    const asked = this.#asked.then(() => this.#evaluate(expression));
    this.#asked = asked;
    return asked;
  }

  async #evaluate(expression: string): Promise<Evaluated | undefined> {
    const lost = new AbortController();
    const answer = this.post<Evaluated>('Runtime.evaluate', { expression, returnByValue: true });
    try {
      return await Promise.race([answer, sleep(LOST_MS, undefined, { ref: false, signal: lost.signal })]);
    } catch {
      return undefined;
    } finally {
      lost.abort();
    }
  }

  /** Does nothing when it is closed. */
  on<T>(event: string, heard: (params: T) => void): void {
    if (this.#isClosed) return;
    this.#connected().on(event, ({ params }: { params: object }) => heard(params as T));
  }

  close(): void {
    this.#isClosed = true;
    this.#session?.disconnect();
    this.#session = undefined;
  }

  #connected(): Session {
    if (this.#session !== undefined) return this.#session;
    this.#session = new Session();
    this.#session.connectToMainThread();
    return this.#session;
  }
}
