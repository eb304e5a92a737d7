import { STRIKE_FILE } from '../places/requests';
import type { Fullness } from '../session/heap';
import type { MainThread } from './mainThread';

interface RemoteObject {
  value?: unknown;
  objectId?: string;
}
interface Property {
  name: string;
  value?: RemoteObject;
}
interface Properties {
  result: Property[];
  internalProperties?: Property[];
}
interface Evaluated {
  result: RemoteObject;
  /** What was thrown. */
  exceptionDetails?: object;
}

/** Where `session/strike.ts` put it. */
const AS_STRIKE = `\n//# sourceURL=${STRIKE_FILE}`;
const STRIKER = "globalThis[Symbol.for('losslab.kernel.striker')]";

async function propertiesOf(main: MainThread, object: RemoteObject | undefined): Promise<Properties> {
  return main.post('Runtime.getProperties', { objectId: object?.objectId, ownProperties: true });
}

const named = (properties: Property[] | undefined, name: string): RemoteObject | undefined =>
  properties?.find((property) => property.name === name)?.value;

/**
 * Gives the striker Node's binding of async hooks, to which no public way leads in Node 24 and 26: a debugger sees the
 * variables of a function's closure, so also the binding in that of `executionAsyncId`.
 */
async function equip(main: MainThread): Promise<void> {
  const probe: Evaluated = await main.post('Runtime.evaluate', { expression: `${STRIKER}.probe` });
  const scopes = named((await propertiesOf(main, probe.result)).internalProperties, '[[Scopes]]');
  const closure = named((await propertiesOf(main, scopes)).result, '0');
  const binding = named((await propertiesOf(main, closure)).result, 'async_wrap');
  await main.post('Runtime.callFunctionOn', {
    objectId: binding?.objectId,
    functionDeclaration: `function () { ${STRIKER}.equip(this); }`,
  });
}

/**
 * Has the main thread look at its heap, in the middle of what runs there. What fills it is ended at once, and this
 * question with it: then there is no answer.
 */
export async function lookAtHeap(main: MainThread): Promise<Fullness | undefined> {
  const question = { expression: `${STRIKER}.lookAtHeap()${AS_STRIKE}`, returnByValue: true };
  const answer = await main.post<Evaluated>('Runtime.evaluate', question).catch(() => undefined);
  return answer?.result.value as Fullness | undefined;
}

/** Whether what stands still, as the heap was full, has filled it. */
export function hasFilledHeap(main: MainThread): Promise<boolean> {
  return ask(main, 'hasFilledHeap');
}

async function ask(main: MainThread, question: 'release' | 'hasFilledHeap'): Promise<boolean> {
  const expression = `${STRIKER}.${question}()${AS_STRIKE}`;
  const { result } = await main.post<Evaluated>('Runtime.evaluate', { expression, returnByValue: true });
  return result.value !== false;
}

/** A strike that has no answer for so long (milliseconds) may have been ended before it could give one. */
const LOST_MS = 1000;

/**
 * So many strikes in a row that failed: a loop in the `catch` of a stack that overflowed leaves no room for ours. V8 alone
 * needs none. What is not prepared then Node mostly does not survive: it is started anew, but the loop would go on.
 */
const HOPELESS = { prepared: 3, unprepared: 200 };

/** Terminates what runs on the main thread. */
export class Striking {
  readonly #main: MainThread;
  #prepared: Promise<void> | undefined;
  #striking: Promise<boolean> | undefined;
  #since = 0;
  #failures = 0;

  constructor(main: MainThread) {
    this.#main = main;
  }

  /** Makes ready what the first strike needs (about 5 ms), so that it comes as fast as the others. */
  prepare(): Promise<void> {
    this.#prepared ??= equip(this.#main).catch((error) => {
      this.#prepared = undefined;
      throw error;
    });
    return this.#prepared;
  }

  /** Strikes now, or as soon as a native call returns: one strike waits at a time. Resolves to whether it hit. */
  strike(): Promise<boolean> {
    const now = performance.now();
    if (this.#striking === undefined || now - this.#since > LOST_MS) {
      this.#since = now;
      const striking = this.#once().finally(() => {
        if (this.#striking === striking) this.#striking = undefined;
      });
      this.#striking = striking;
    }
    return this.#striking;
  }

  /** Makes ready for going on where the thread stands still. Resolves to whether what stands there is to be terminated. */
  async release(): Promise<boolean> {
    await this.prepare();
    return ask(this.#main, 'release');
  }

  async #once(): Promise<boolean> {
    const isReady = await this.prepare().then(
      () => true,
      () => false,
    );
    if (!isReady) return this.#failed(HOPELESS.unprepared);
    const question = { expression: `${STRIKER}.strike()${AS_STRIKE}`, returnByValue: true };
    // One that hit has terminated itself too: there is no answer.
    const answer = await this.#main.post<Evaluated>('Runtime.evaluate', question).catch(() => undefined);
    if (answer?.exceptionDetails !== undefined) return this.#failed(HOPELESS.prepared);
    if (answer?.result.value === false) return false;
    this.#failures = 0;
    return true;
  }

  async #failed(hopeless: number): Promise<boolean> {
    this.#failures += 1;
    if (this.#failures >= hopeless) {
      this.#failures = 0;
      await this.#main.post('Runtime.terminateExecution');
    }
    return true;
  }
}
