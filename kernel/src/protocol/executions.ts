import type { CompilerClient } from '../compiler/client';
import type { History } from '../history/history';
import type { CompileReply } from '../places/compiled';
import type { CellError, Display, Expression } from '../places/messages';
import { toCompileError } from '../session/errors/cellError';
import type { Debugging } from './debugging';
import type { Iopub } from './iopub';
import type { Output } from './output';
import { pageFor, questionIn } from './pager';
import type { Parents } from './parents';
import type { Post } from './post';
import { asCellError, field, type Request, reply } from './requests';
import type { SessionPort } from './sessionPort';

/** What running a cell needs of the rest of the protocol. */
export interface Means {
  post: Post;
  iopub: Iopub;
  output: Output;
  parents: Parents;
  session: SessionPort;
  compiler: CompilerClient;
  history: History;
  /** Whether cells are type-checked. */
  check: boolean;
  debugging: Debugging;
  /** Called around each run of the user's code. */
  watch: { start(): void; stop(): void };
}

interface Task {
  code: string;
  silent: boolean;
  storeHistory: boolean;
  stopOnError: boolean;
  allowStdin: boolean;
  expressions: Record<string, unknown>;
}

interface Outcome {
  result?: Display;
  error?: CellError;
}

interface Reply {
  status: 'ok' | 'error';
  [field: string]: unknown;
}

const okay = (count: number, more: object): Reply => ({
  status: 'ok',
  execution_count: count,
  user_expressions: {},
  payload: [],
  ...more,
});

/** Runs execute requests one after the other. */
export class Executions {
  readonly #means: Means;
  readonly #queue: Request[] = [];
  #count = 0;
  #compiled = 0;
  #isRunning = false;
  #abandon: ((error: CellError) => void) | undefined;

  constructor(means: Means) {
    this.#means = means;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  add(request: Request): void {
    this.#queue.push(request);
    if (!this.#isRunning) void this.#runAll();
  }

  /** Ends a cell that is still being compiled. @returns false when none is */
  abandonCompiling(): boolean {
    if (this.#abandon === undefined) return false;
    const evalue = 'the cell was interrupted before it ran';
    this.#abandon({ ename: 'KeyboardInterrupt', evalue, traceback: [`KeyboardInterrupt: ${evalue}`] });
    this.#means.compiler.abandon();
    return true;
  }

  async #runAll(): Promise<void> {
    this.#isRunning = true;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift())
      await this.#runOne(next);
    this.#isRunning = false;
  }

  async #runOne(request: Request): Promise<void> {
    const { iopub, post } = this.#means;
    const { header } = request.message;
    iopub.cellBusy(header);
    const { content, stopOnError } = await this.#contentOf(request);
    // Taken before the front end hears of the error: what it sends afterwards it wants to be run.
    const aborted = content.status === 'ok' || !stopOnError ? [] : await this.#takeQueued();
    reply(post, request, content);
    iopub.cellIdle(header);
    for (const one of aborted) this.#abort(one);
  }

  async #contentOf(request: Request): Promise<{ content: Reply; stopOnError: boolean }> {
    try {
      const task = taskOf(request);
      return { content: await this.#execute(request, task), stopOnError: task.stopOnError };
    } catch (error) {
      const told = asCellError(error);
      this.#means.iopub.publish('error', told, request.message.header);
      return { content: { status: 'error', execution_count: this.#count, ...told }, stopOnError: false };
    }
  }

  async #execute(request: Request, task: Task): Promise<Reply> {
    const { iopub, output, parents } = this.#means;
    const { header, idents } = request.message;
    const context = parents.add({ header, idents, allowStdin: task.allowStdin });
    this.#announce(task, header);
    const count = this.#count;
    const question = questionIn(task.code);
    if (question !== undefined)
      return okay(count, { payload: [await pageFor(question, this.#means.compiler)] });
    const { result, error } = await this.#outcome(task, context);
    output.flush();
    if (error !== undefined) {
      if (!task.silent) iopub.publish('error', error, header);
      return { status: 'error', execution_count: count, ...error };
    }
    if (result !== undefined && !task.silent)
      iopub.publish('execute_result', { execution_count: count, ...result }, header);
    const user_expressions = await this.#express(task.expressions, context);
    output.flush();
    return okay(count, { user_expressions });
  }

  #announce({ code, silent, storeHistory }: Task, header: Request['message']['header']): void {
    if (storeHistory) {
      this.#count += 1;
      this.#means.history.append(this.#count, code);
    }
    if (!silent) this.#means.iopub.publish('execute_input', { code, execution_count: this.#count }, header);
  }

  async #outcome(task: Task, context: number): Promise<Outcome> {
    const { session, compiler, output } = this.#means;
    const compiled = await this.#compile(task.code);
    if ('ename' in compiled) return { error: compiled };
    if (!compiled.ok) return { error: toCompileError(compiled) };
    const { cell } = compiled;
    await this.#means.debugging.prepare(cell, this.#count);
    this.#means.watch.start();
    const done = await session.run(context, this.#count, task.silent, cell);
    this.#means.watch.stop();
    output.flush(done.at);
    compiler.commit(cell.id, done.assigned);
    return done;
  }

  /** An interrupt does not wait for the type checker. */
  async #compile(code: string): Promise<CompileReply | CellError> {
    const { compiler, check } = this.#means;
    this.#compiled += 1;
    const abandoned = new Promise<CellError>((resolve) => {
      this.#abandon = resolve;
    });
    const reply = await Promise.race([compiler.compile({ id: this.#compiled, code, check }), abandoned]);
    this.#abandon = undefined;
    return reply;
  }

  async #express(expressions: Record<string, unknown>, context: number): Promise<Record<string, Expression>> {
    const all: Record<string, Expression> = {};
    for (const [name, code] of Object.entries(expressions))
      all[name] = await this.#expressOne(String(code), context);
    return all;
  }

  async #expressOne(code: string, context: number): Promise<Expression> {
    const compiled = await this.#compile(code);
    if ('ename' in compiled) return { status: 'error', ...compiled };
    if (!compiled.ok) return { status: 'error', ...toCompileError(compiled) };
    const expression = await this.#means.session.express(context, compiled.cell);
    this.#means.compiler.commit(compiled.cell.id, []);
    return expression;
  }

  /** What a front end has already sent: a moment is left for requests on their way through the sockets. */
  async #takeQueued(): Promise<Request[]> {
    for (let turn = 0; turn < 3; turn++) await new Promise((resume) => setImmediate(resume));
    return this.#queue.splice(0);
  }

  #abort(request: Request): void {
    const { iopub, post } = this.#means;
    iopub.busy(request.message.header);
    reply(post, request, { status: 'aborted' });
    iopub.idle(request.message.header);
  }
}

function taskOf({ content }: Request): Task {
  const silent = field(content, 'silent', 'boolean', false);
  return {
    code: field(content, 'code', 'string'),
    silent,
    storeHistory: !silent && field(content, 'store_history', 'boolean', true),
    stopOnError: field(content, 'stop_on_error', 'boolean', true),
    allowStdin: field(content, 'allow_stdin', 'boolean', true),
    expressions: field(content, 'user_expressions', 'object', {}),
  };
}
