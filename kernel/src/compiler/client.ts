/** The compiler as the protocol's thread uses it: a process that is restarted, with what it knew, when it ends. */
import { readFileSync } from 'node:fs';
import type {
  CompileReply,
  CompileRequest,
  Compiler,
  Completeness,
  Completions,
  Inspection,
} from '../places/compiled';
import { Child, type Ending } from './child';
import { Committed } from './committed';
import { fallback } from './fallback';
import { Launcher, type LaunchOptions } from './launch';
import type { Answer, Answers, FromCompiler, Question } from './requests';

export interface CompilerOptions extends LaunchOptions {
  /** The notebook's folder, absolute: where imports are looked up. */
  cwd: string;
}

export interface CompilerClient extends Compiler {
  /** Resolves when the first process is warm: for measurements, nobody has to wait for it. */
  readonly ready: Promise<void>;
  /** The process that answers at present. */
  readonly pid: number | undefined;
  /**
   * The person does not want the cells that are being compiled any more: they are answered now. A process that has
   * not come to an end after `grace` milliseconds is replaced by a new one that knows the same cells.
   */
  abandon(grace?: number): void;
}

/** Starts TypeScript at once: it warms itself while the kernel starts. */
export function startCompiler(options: CompilerOptions): CompilerClient {
  return new ProcessClient(options);
}

interface Pending {
  question: Question;
  resolve(answer: Answer | null): void;
  /** How many processes have ended over it. */
  deaths: number;
  abandoned: boolean;
}

/** Processes that end one after the other before they are ready: then only a new request starts another. */
const HOPELESS = 3;

const INTERRUPTED = 'The compilation was interrupted.';
const CLOSED = 'The kernel is shutting down.';

class ProcessClient implements CompilerClient {
  readonly ready: Promise<void>;
  readonly version: string = typescriptVersion();
  readonly #options: CompilerOptions;
  readonly #launcher: Launcher;
  readonly #committed = new Committed();
  readonly #pending = new Map<number, Pending>();
  #child: Child | undefined;
  #number = 0;
  #failures = 0;
  #closed = false;
  #warm: () => void = () => {};

  constructor(options: CompilerOptions) {
    this.#options = options;
    this.#launcher = new Launcher(options);
    this.ready = new Promise((resolve) => {
      this.#warm = resolve;
    });
    this.#start();
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  compile(request: CompileRequest): Promise<CompileReply> {
    this.#committed.offer(request);
    return this.#ask({ kind: 'compile', request });
  }

  commit(id: number, names: string[]): void {
    this.#committed.commit(id, names);
    this.#child?.send({ type: 'commit', id, names });
  }

  complete(code: string, cursor: number): Promise<Completions> {
    return this.#ask({ kind: 'complete', code, cursor });
  }

  async inspect(code: string, cursor: number, detail: 0 | 1): Promise<Inspection | undefined> {
    return (await this.#ask<'inspect'>({ kind: 'inspect', code, cursor, detail })) ?? undefined;
  }

  isComplete(code: string): Promise<Completeness> {
    return this.#ask({ kind: 'isComplete', code });
  }

  breakableLines(code: string): Promise<number[]> {
    return this.#ask({ kind: 'breakableLines', code });
  }

  asJavaScript(code: string): Promise<string> {
    return this.#ask({ kind: 'asJavaScript', code });
  }

  abandon(grace = 300): void {
    const before = [...this.#pending].filter(([, { question }]) => question.kind === 'compile');
    for (const [, pending] of before) this.#giveUp(pending);
    const child = this.#child;
    if (before.length === 0 || !child) return;
    setTimeout(() => {
      if (this.#child === child && before.some(([number]) => this.#pending.has(number))) this.#replace();
    }, grace);
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const { question, resolve } of this.#pending.values()) resolve(fallback(question, CLOSED));
    this.#pending.clear();
    const child = this.#child;
    this.#child = undefined;
    await Promise.all([child?.kill(), this.#launcher.close()]);
  }

  #ask<Kind extends Question['kind']>(question: Question & { kind: Kind }): Promise<Answers[Kind]> {
    return new Promise((resolve) => {
      if (this.#closed) return resolve(fallback(question, CLOSED) as Answers[Kind]);
      this.#number += 1;
      const answer = resolve as (answer: Answer | null) => void;
      this.#pending.set(this.#number, { question, resolve: answer, deaths: 0, abandoned: false });
      if (this.#child) this.#child.send({ type: 'ask', number: this.#number, question });
      else this.#start();
    });
  }

  /** A process that knows what the last one knew, and is asked what that one was. */
  #start(): void {
    const { command, ended } = this.#launcher.next();
    let heard = false;
    const child = new Child(command, {
      message: (message) => {
        heard = true;
        this.#hear(message);
      },
      ended: (ending) => {
        ended(!heard);
        this.#ended(ending);
      },
    });
    this.#child = child;
    child.send({ type: 'start', cwd: this.#options.cwd, cells: this.#committed.cells });
    for (const [number, { question }] of this.#pending) child.send({ type: 'ask', number, question });
  }

  #hear(message: FromCompiler): void {
    if (message.type === 'ready') {
      this.#failures = 0;
      this.#warm();
    } else this.#settle(message);
    this.#launcher.idle();
  }

  #settle(message: Exclude<FromCompiler, { type: 'ready' }>): void {
    const pending = this.#pending.get(message.number);
    if (!pending) return;
    this.#pending.delete(message.number);
    if (message.type === 'answer') pending.resolve(message.answer);
    else {
      pending.resolve(fallback(pending.question, message.error));
      this.#replace();
    }
  }

  /** The other questions are asked again: they are not what it died of. */
  #ended(ending: Ending): void {
    this.#child = undefined;
    this.#failures += 1;
    this.#blame(ending);
    if (this.#failures < HOPELESS) this.#start();
    else for (const number of this.#pending.keys()) this.#refuse(number, ending);
  }

  /** A process answers in order: what it died of is the oldest question. */
  #blame(ending: Ending): void {
    const first = this.#pending.entries().next().value;
    if (!first) return;
    const [number, pending] = first;
    pending.deaths += 1;
    if (pending.abandoned) this.#pending.delete(number);
    else if (pending.deaths > 1 || ending.outOfMemory) this.#refuse(number, ending);
  }

  #refuse(number: number, ending: Ending): void {
    const pending = this.#pending.get(number);
    this.#pending.delete(number);
    pending?.resolve(fallback(pending.question, `TypeScript's process ended (${ending.reason}).`));
  }

  #giveUp(pending: Pending): void {
    pending.abandoned = true;
    pending.resolve(fallback(pending.question, INTERRUPTED));
  }

  #replace(): void {
    const old = this.#child;
    for (const [number, { abandoned }] of this.#pending) if (abandoned) this.#pending.delete(number);
    this.#start();
    void old?.kill();
  }
}

/** Read from its package file: to load TypeScript here would take 0.2 s and 60 MB. */
function typescriptVersion(): string {
  // Read, not loaded: TypeScript itself belongs into the compiler's process.
  const manifest = require.resolve('typescript/package.json');
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}
