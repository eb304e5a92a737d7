import { isUrgent } from './requests';

/** So often, or fewer times where a look takes long: on Node 22 one at WebAssembly can take 30 ms. */
const SPARED = { times: 20, few: 2, ms: 25 };

/**
 * Code of Node's and of packages is spared for a while when a cell called it: it may only be passing, and what it leaves
 * half done nobody mends. TensorFlow.js and losslab come by where they are ended by an error (`refuse.ts`).
 */
export class Sparing {
  #times = 0;
  #since = 0;

  forget(): void {
    this.#times = 0;
  }

  /** Whether it is spared once more. */
  spares(): boolean {
    if (isUrgent()) return false;
    if (this.#times === 0) this.#since = performance.now();
    this.#times += 1;
    const isLong = this.#times > SPARED.few && performance.now() - this.#since > SPARED.ms;
    return this.#times < SPARED.times && !isLong;
  }
}
