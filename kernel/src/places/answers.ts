import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';

/** What a person typed, or why there is nothing. */
export type Answer = { text: string } | { refused: string } | { interrupted: true };

/** The session's end of a question that blocks its thread until the protocol answers. */
export class AnswerReader {
  readonly #flag: Int32Array;
  readonly #port: MessagePort;

  constructor(flag: SharedArrayBuffer, port: MessagePort) {
    this.#flag = new Int32Array(flag);
    this.#port = port;
  }

  /** Forgets an answer that came too late; call before asking. */
  prepare(): void {
    Atomics.store(this.#flag, 0, 0);
    while (receiveMessageOnPort(this.#port) !== undefined);
  }

  wait(): Answer {
    for (;;) {
      Atomics.wait(this.#flag, 0, 0);
      const received = receiveMessageOnPort(this.#port);
      if (received !== undefined) return received.message as Answer;
      Atomics.store(this.#flag, 0, 0);
    }
  }
}

/** The protocol's end. */
export class AnswerWriter {
  readonly #flag: Int32Array;
  readonly #port: MessagePort;

  constructor(flag: SharedArrayBuffer, port: MessagePort) {
    this.#flag = new Int32Array(flag);
    this.#port = port;
  }

  answer(answer: Answer): void {
    this.#port.postMessage(answer);
    Atomics.store(this.#flag, 0, 1);
    Atomics.notify(this.#flag, 0);
  }
}
