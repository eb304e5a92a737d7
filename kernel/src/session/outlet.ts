import type { Worker } from 'node:worker_threads';
import { NoInputError } from '../display/ask';
import type { AnswerReader } from '../places/answers';
import type { FromSession, Published } from '../places/messages';
import { RingWriter, type StreamName } from '../places/ring';
import type { Channel } from './channel';
import { type Context, currentContext } from './contexts';
import { KeyboardInterrupt } from './interruption';

type WithoutPosition<T> = T extends unknown ? Omit<T, 'at'> : never;

/** The session's way to the protocol: what is printed by shared memory, all else by message. */
export class Outlet implements Channel {
  readonly #worker: Worker;
  readonly #answers: AnswerReader;
  readonly #ring: RingWriter;

  constructor(worker: Worker, ring: SharedArrayBuffer, answers: AnswerReader) {
    this.#worker = worker;
    this.#answers = answers;
    this.#ring = new RingWriter(ring, () => this.send({ type: 'printed' }));
  }

  send(message: WithoutPosition<FromSession>): void {
    this.#worker.postMessage({ ...message, at: this.#ring.position });
  }

  print(stream: StreamName, text: string): void {
    this.#ring.write(currentContext()?.number ?? 0, stream, text);
  }

  publish(message: Published): void {
    this.send({ type: 'publish', context: currentContext()?.number ?? 0, message });
  }

  setOutputLimit(megabytes: number): void {
    this.send({ type: 'limit', megabytes });
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
