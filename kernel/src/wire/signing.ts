import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';

/** Signs messages with the key of the connection file. An empty key means that nothing is signed or verified. */
export class Signer {
  readonly #hash: string;
  readonly #key: KeyObject | undefined;

  constructor(key: string, hash: string) {
    this.#hash = hash;
    this.#key = key === '' ? undefined : createSecretKey(Buffer.from(key));
  }

  /** False when the connection file holds no key. */
  get signs(): boolean {
    return this.#key !== undefined;
  }

  /** The signature in hexadecimal digits; empty without a key. */
  sign(texts: readonly (string | Uint8Array)[]): string {
    if (!this.#key) return '';
    const hmac = createHmac(this.#hash, this.#key);
    for (const text of texts) hmac.update(text);
    return hmac.digest('hex');
  }

  /** Takes as long for a signature that is right in all but its last digit as for any other. */
  verify(texts: readonly Uint8Array[], signature: Uint8Array): boolean {
    if (!this.#key) return true;
    const right = Buffer.from(this.sign(texts));
    const came = Buffer.alloc(right.length);
    came.set(signature.subarray(0, right.length));
    return timingSafeEqual(right, came) && signature.length === right.length;
  }
}
