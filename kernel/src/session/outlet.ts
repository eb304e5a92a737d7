import type { Worker } from 'node:worker_threads';
import { NoInputError } from '../display/ask';
import type { AnswerReader } from '../places/answers';
import { FlowWriter } from '../places/flow';
import type { FromSession, Published } from '../places/messages';
import type { Handover } from '../places/places';
import { RingWriter, type StreamName } from '../places/ring';
import type { Channel } from './channel';
import { type Context, currentContext } from './contexts';
import { KeyboardInterrupt } from './interruption';
import { refuseEnded } from './refuse';
import { requested } from './requests';

type WithoutPosition<T> = T extends unknown ? Omit<T, 'at' | 'turn'> : never;

/** Of what the user's code says, without end if it likes. */
type Said = Extract<FromSession, { type: 'publish' | 'late' | 'limit' }>;

/** The session's way to the protocol: what is printed by shared memory, all else by message. */
export class Outlet implements Channel {
  readonly #worker: Worker;
  readonly #answers: AnswerReader;
  readonly #ring: RingWriter;
  readonly #flow: FlowWriter;

  constructor(worker: Worker, { ring, flow }: Pick<Handover, 'ring' | 'flow'>, answers: AnswerReader) {
    this.#worker = worker;
    this.#answers = answers;
    this.#flow = new FlowWriter(flow);
    this.#ring = new RingWriter(ring, () => worker.postMessage({ type: 'printed', at: 0 }));
  }

  send(message: WithoutPosition<FromSession>): void {
    this.#worker.postMessage({ ...message, at: this.#ring.position, turn: this.#flow.next() });
  }

  /** Waits until there is room. */
  say(message: WithoutPosition<Said>): void {
    // Who spends most of the time waiting here may never be found elsewhere.
    if (!this.#flow.awaitRoom(() => !requested())) refuseEnded();
    this.send(message);
  }

  print(stream: StreamName, text: string): void {
    this.#ring.write(currentContext()?.number ?? 0, stream, text);
  }

  publish(message: Published): void {
    this.say({ type: 'publish', context: currentContext()?.number ?? 0, message });
  }

  setOutputLimit(megabytes: number): void {
    this.say({ type: 'limit', megabytes });
  }

  input(prompt: string, password: boolean): string {
    const context = currentContext();
    this.#answers.prepare();
    this.send({ type: 'input', context: context?.number ?? 0, prompt, password });
    const answer = this.#answers.wait();
    if ('text' in answer) return answer.text;
    throw 'refused' in answer ? new NoInputError(answer.refused) : interrupted(context);
  }
}

/** The thread was blocked, so that the interrupt could not end its context. */
function interrupted(context: Context | undefined): Error {
  const error = new KeyboardInterrupt();
  context?.end(error);
  return error;
}
