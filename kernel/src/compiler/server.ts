/** The compiler's process: answers the protocol's questions one after the other, and ends when nobody asks any more. */
import { Socket } from 'node:net';
import { createEngine, type Engine } from './engine';
import { readLines, writeLine } from './lines';
import type { Answer, FromCompiler, Question, ToCompiler } from './requests';
import { Room } from './room';
import { Tidying } from './tidy';

/** The descriptor of the replies: standard output is left to whatever prints. */
const REPLIES = 3;

export function serve(): void {
  const replies = new Socket({ fd: REPLIES, writable: true, readable: false });
  const requests = new Socket({ fd: 0, readable: true, writable: false });
  // The kernel has ended, however it did: nobody is left to tell.
  for (const stream of [replies, requests]) stream.on('error', leave).on('close', leave);
  requests.on('end', leave);
  // Control-C in a terminal reaches the whole group of processes; the kernel says what is to be done.
  process.on('SIGINT', () => {});
  const server = new Server((message) => writeLine(replies, message));
  readLines<ToCompiler>(requests, (message) => server.hear(message));
}

/** A first check in no folder in particular: what it has read and bound of the libraries serves every later one. */
export function warm(): void {
  createEngine('/', []).warm();
}

const leave = (): void => process.exit(0);

class Server {
  readonly #say: (message: FromCompiler) => void;
  readonly #tidying = new Tidying();
  readonly #room = new Room();
  #engine: Engine | undefined;
  #isWarm = false;

  constructor(say: (message: FromCompiler) => void) {
    this.#say = say;
  }

  hear(message: ToCompiler): void {
    switch (message.type) {
      case 'start':
        this.#engine = createEngine(message.cwd, message.cells);
        setImmediate(() => this.#warm());
        break;
      case 'commit':
        this.#engine?.commit(message.id, message.names);
        break;
      case 'ask':
        this.#answer(message.number, message.question);
    }
  }

  /** Needless when a cell has come with the start: it has warmed what it needs. */
  #warm(): void {
    if (!this.#isWarm) this.#engine?.warm();
    this.#say({ type: 'ready' });
  }

  #answer(number: number, question: Question): void {
    try {
      const answer = ask(this.#engine!, question);
      this.#isWarm ||= question.kind === 'compile';
      this.#say({ type: 'answer', number, answer });
      this.#tidying.answered();
      this.#room.answered();
    } catch (error) {
      this.#say({ type: 'failed', number, error: describe(error) });
    }
  }
}

function ask(engine: Engine, question: Question): Answer {
  switch (question.kind) {
    case 'compile':
      return engine.compile(question.request);
    case 'complete':
      return engine.complete(question.code, question.cursor);
    case 'inspect':
      return engine.inspect(question.code, question.cursor, question.detail);
    case 'isComplete':
      return engine.isComplete(question.code);
    case 'breakableLines':
      return engine.breakableLines(question.code);
    case 'asJavaScript':
      return engine.asJavaScript(question.code);
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

if (require.main === module) serve();
