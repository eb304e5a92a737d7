import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Compiler } from '../places/compiled';
import { DEBUGGEE } from '../places/debuggee';
import { STRIKE_FILE } from '../places/requests';
import { isHidden } from '../session/errors/frames';
import { Breakpoints } from './breakpoints';
import { type EventName, THREAD } from './dap';
import { type CallFrame, type Frame, framesOf } from './frames';
import { type Going, isElsewhere, PAUSING, type Step, stepFrom } from './going';
import { Inspected } from './inspected';
import { pathOfUrl, type Script, type Sources } from './sources';

export interface DebuggerOptions {
  sources: Sources;
  compiler: Pick<Compiler, 'breakableLines' | 'asJavaScript'>;
  /** Tells all front ends. */
  tell: (event: EventName, body: object) => void;
  /** Whether a cell runs. */
  isRunning: () => boolean;
  /** The heap is full, and V8 has stopped the thread for it. */
  heapIsFull: () => void;
  /** Whether an interrupt is on its way: nobody is to be told of stops that it ends. */
  isInterrupting: () => boolean;
}

interface Paused {
  callFrames: CallFrame[];
  reason: string;
  data?: { description?: string };
  hitBreakpoints?: string[];
}

export type ExceptionMode = 'none' | 'all';

/** A step that takes longer (milliseconds) shows as a program that runs. */
const STEP_MS = 100;

/** A wish to pause is made again after so many milliseconds. */
const AGAIN_MS = 20;

const KERNEL = path.resolve(__dirname, '..', '..');
const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
/** No step leads into Node, the kernel and what it strikes with. */
const SKIPPED = ['^node:', `^${literally(pathToFileURL(KERNEL).href)}/`, literally(STRIKE_FILE)];

/**
 * Stops the user's thread where it is asked to, by V8's inspector. That makes awaits nine times slower, so V8's debugger
 * is on only from `attach` to `detach`.
 */
export class Debugger {
  readonly breakpoints: Breakpoints;
  readonly #options: DebuggerOptions;
  readonly #urls = new Map<string, string>();
  #thread: Inspected | undefined;
  /** Where the program stands; undefined while it runs. */
  #frames: Frame[] | undefined;
  #stands = false;
  #going: Going | undefined;
  #running: NodeJS.Timeout | undefined;
  #pausing: NodeJS.Timeout | undefined;

  constructor(options: DebuggerOptions) {
    this.#options = options;
    this.breakpoints = new Breakpoints(options.sources, options.compiler);
  }

  get isAttached(): boolean {
    return this.#thread !== undefined;
  }

  /** Whether V8 has stopped the thread, for whatever reason: no message reaches it. */
  get stands(): boolean {
    return this.#stands;
  }

  /** From the innermost; none while the program runs. */
  get frames(): readonly Frame[] {
    return this.#frames ?? [];
  }

  /** @throws when it is not attached */
  get thread(): Inspected {
    if (this.#thread === undefined) throw new Error('The debugger is not attached: send attach first.');
    return this.#thread;
  }

  /** The files that were loaded, of the user's and of libraries. */
  get files(): string[] {
    const urls = new Set(
      [...this.#urls.values()].filter((url) => url.startsWith('file:') && !isHidden(pathOfUrl(url))),
    );
    return [...urls].filter((url) => !this.#options.sources.script(url)?.isCell).map(pathOfUrl);
  }

  frame(id: unknown): Frame {
    const frame = this.frames.find(({ shown }) => shown.id === id);
    if (frame === undefined) throw new Error(`There is no frame ${id}: the program has gone on since.`);
    return frame;
  }

  async attach(): Promise<void> {
    if (this.#thread !== undefined) return;
    const thread = new Inspected();
    thread.on<{ scriptId: string; url: string }>('Debugger.scriptParsed', ({ scriptId, url }) =>
      this.#urls.set(scriptId, url),
    );
    thread.on<Paused>('Debugger.paused', (paused) => void this.#paused(paused).catch(() => this.#resume()));
    thread.on('Debugger.resumed', () => {
      this.#stands = false;
    });
    this.#thread = thread;
    await thread.post('Debugger.enable');
    await thread.post('Debugger.setBlackboxPatterns', { patterns: SKIPPED });
    this.#options.tell('initialized', {});
  }

  /** The program goes on, and nothing stops it any more. */
  async detach(): Promise<void> {
    const thread = this.#thread;
    this.#thread = undefined;
    this.breakpoints.clear();
    this.#urls.clear();
    this.#going = undefined;
    if (thread === undefined) return;
    await thread.ask('forget').catch(() => undefined);
    await thread.post('Debugger.disable').catch(() => undefined);
    thread.close();
    this.#stands = false;
    this.#tellRunning();
  }

  /** Before a cell runs: its breakpoints are set, and a step that began in an earlier one has ended. */
  async prepare(scripts: readonly Script[]): Promise<void> {
    if (this.#thread === undefined) return;
    if (this.#going?.why === 'step') this.#going = undefined;
    for (const script of scripts) await this.breakpoints.arm(this.#thread, script);
    await this.#pauseNow();
  }

  async pauseOnExceptions(state: ExceptionMode): Promise<void> {
    await this.thread.post('Debugger.setPauseOnExceptions', { state });
  }

  /** Stops the cell that runs, or else the next one, where the user's code comes next. */
  async pause(): Promise<void> {
    this.#going = PAUSING;
    await this.#pauseNow();
  }

  async step(step: Step): Promise<void> {
    await this.#step(stepFrom(this.#mustStand(), step));
  }

  async resume(): Promise<void> {
    this.#mustStand();
    await this.#resume();
  }

  /** @param end Whether what the program was doing ends: the interrupt that wants it has seen to Node's book-keeping. */
  async letGo(end: boolean): Promise<void> {
    this.#going = undefined;
    this.#tellRunning();
    await this.#thread?.post('Debugger.resume', { terminateOnResume: end });
  }

  #mustStand(): Frame[] {
    if (this.#frames !== undefined) return this.#frames;
    throw new Error('The program runs: it must stand at a breakpoint for that.');
  }

  async #paused(paused: Paused): Promise<void> {
    this.#stands = true;
    clearTimeout(this.#running);
    if (paused.reason === 'OOM') this.#options.heapIsFull();
    if (this.#options.isInterrupting()) return;
    const frames = framesOf(paused.callFrames, this.#urls, this.#options.sources);
    const reason = this.#reason(paused, frames);
    if (reason === undefined) return this.#pass(paused, frames);
    this.#frames = frames;
    this.#going = undefined;
    const text = paused.data?.description?.split('\n')[0];
    this.#options.tell('stopped', {
      ...{ reason, threadId: THREAD, allThreadsStopped: true },
      ...(reason === 'exception' && text !== undefined && { description: 'Paused on an exception', text }),
    });
  }

  /** Why a person is shown where the program stands; undefined when it should not stand there. */
  #reason({ callFrames, reason, hitBreakpoints = [] }: Paused, frames: Frame[]): string | undefined {
    const [top] = frames;
    if (top === undefined) return undefined;
    if (hitBreakpoints.length > 0) return 'breakpoint';
    if (/^(exception|promiseRejection)$/.test(reason)) return 'exception';
    if (top.call !== callFrames[0]) return undefined;
    if (this.#going !== undefined) return isElsewhere(this.#going, frames) ? this.#going.why : undefined;
    return this.#isDebuggerStatement(top) ? 'breakpoint' : undefined;
  }

  /** V8 does not tell it from the end of a step that began in an earlier cell. */
  #isDebuggerStatement({ shown: { line, column, source } }: Frame): boolean {
    const lines = this.#options.sources.text(source.path)?.split(/\r\n|[\r\n]/);
    return lines?.[line - 1]?.slice(column - 1).startsWith('debugger') === true;
  }

  /** Nothing that the user waits for is here: what was asked for goes on. */
  async #pass({ callFrames }: Paused, frames: Frame[]): Promise<void> {
    const going = this.#going;
    if (going === undefined || going.tries === 0) {
      await this.#resume();
      return going?.why === 'pause' ? this.pause() : undefined;
    }
    const isInside = frames.length > 0 && frames[0]?.call !== callFrames[0];
    await this.#step({ ...going, tries: going.tries - 1 }, isInside ? 'stepOut' : going.step);
  }

  /** The wish is fulfilled at the cell's next await, or now, if its code is on the stack: so it is made again. */
  async #pauseNow(): Promise<void> {
    clearTimeout(this.#pausing);
    const isWanted = this.#going?.why === 'pause' && !this.#stands && this.#options.isRunning();
    if (!isWanted) return;
    await this.thread.post('Runtime.evaluate', { expression: `${DEBUGGEE}.pause()` });
    this.#pausing = setTimeout(() => void this.#pauseNow().catch(() => undefined), AGAIN_MS);
  }

  async #step(going: Going, step: Step = going.step): Promise<void> {
    this.#going = going;
    clearTimeout(this.#running);
    this.#running = setTimeout(() => this.#tellRunning(), STEP_MS);
    await this.#go(`Debugger.${step}`);
  }

  async #resume(): Promise<void> {
    this.#going = undefined;
    this.#tellRunning();
    await this.#go('Debugger.resume');
  }

  async #go(method: string): Promise<void> {
    const thread = this.#thread;
    if (thread === undefined) return;
    await thread.ask('forget');
    await thread.post(method);
  }

  #tellRunning(): void {
    clearTimeout(this.#running);
    clearTimeout(this.#pausing);
    if (this.#frames === undefined) return;
    this.#frames = undefined;
    this.#options.tell('continued', { threadId: THREAD, allThreadsContinued: true });
  }
}
