import { Session } from 'node:inspector';

/** V8's inspector of the main thread, from the protocol's: heard while the main thread computes, not in native code. */
export class MainThread {
  #session: Session | undefined;

  post<T>(method: string, params: object = {}): Promise<T> {
    this.#session ??= connected();
    const session = this.#session;
    return new Promise((resolve, reject) => {
      session.post(method, params, (error, result) => {
        // Not always an `Error`: a bare `{ code, message }`.
        if (error) reject(new Error(`${method}: ${error.message}`));
        else resolve(result as T);
      });
    });
  }

  close(): void {
    this.#session?.disconnect();
    this.#session = undefined;
  }
}

function connected(): Session {
  const session = new Session();
  session.connectToMainThread();
  return session;
}
