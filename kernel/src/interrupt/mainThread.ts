import { Session } from 'node:inspector';

/** V8's inspector of the main thread, from the protocol's: heard while the main thread computes, not in native code. */
export class MainThread {
  #session: Session | undefined;
  #isClosed = false;

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

  on<T>(event: string, heard: (params: T) => void): void {
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
