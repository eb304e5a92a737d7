import { STRIKE_FILE } from '../places/requests';
import type { Fullness } from '../session/heap';
import type { Strike } from '../session/strike';
import type { Evaluated, MainThread } from './mainThread';

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
  const answer = await main.inTurn(`${STRIKER}.lookAtHeap()${AS_STRIKE}`);
  return answer?.result.value as Fullness | undefined;
}

/** Whether what stands still, as the heap was full, has filled it. */
export function hasFilledHeap(main: MainThread): Promise<boolean> {
  return ask(main, 'hasFilledHeap');
}

async function ask(main: MainThread, question: 'release' | 'hasFilledHeap'): Promise<boolean> {
  const answer = await main.inTurn(`${STRIKER}.${question}()${AS_STRIKE}`);
  return answer?.result.value !== false;
}

/**
 * So many strikes in a row that failed: a loop in the `catch` of a stack that overflowed leaves no room for ours. V8 alone
 * needs none. What is not prepared then Node mostly does not survive: it is started anew, but the loop would go on.
 */
const HOPELESS = { prepared: 3, unprepared: 200 };

/** So often a strike is repeated at once that came between two of the user's functions: on Node 20 most are, with promises. */
const AT_ONCE = 50;

/** Terminates what runs on the main thread. */
export class Striking {
  readonly #main: MainThread;
  #prepared: Promise<void> | undefined;
  #striking: Promise<boolean> | undefined;
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
    this.#striking ??= this.#once().finally(() => {
      this.#striking = undefined;
    });
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
    for (let again = 0; again < AT_ONCE; again += 1) {
      const answer = await this.#main.inTurn(`${STRIKER}.strike()${AS_STRIKE}`);
      if (answer?.exceptionDetails !== undefined) return this.#failed(HOPELESS.prepared);
      const strike = answer?.result.value as Strike | undefined;
      if (strike === 'missed') return false;
      if (strike === 'between') continue;
      this.#failures = 0;
      return true;
    }
    return false;
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
