import { installGlobals } from '../display/globals';
import type { CommMessage, FromSession, Interruption, ToSession } from '../places/messages';
import type { Settings } from '../places/places';
import { tslabModule } from '../tslab/tslab';
import { Boxes } from './boxes';
import { endChildren, ownChildren, tellOfChildren } from './children';
import { type Context, inContext, newContext } from './contexts';
import { allowDebugging } from './debuggee/debuggee';
import { toCellError } from './errors/cellError';
import { withPlaces } from './errors/frames';
import { Scripts } from './errors/scripts';
import { tellPlaces } from './errors/stacks';
import { Heap } from './heap';
import { mayLeave } from './leftovers';
import { createImporter } from './modules/importer';
import type { Outlet } from './outlet';
import {
  answerMessage,
  blockedByChild,
  drainDescriptors,
  isNoise,
  settleOwnRequest,
  watchRequests,
} from './requests';
import { explain, express, type Means, runCell } from './runner';
import { runInterruptibly } from './running';
import { ownServers } from './servers';
import { Shadowed } from './shadowed';
import { installStreams, type Streams } from './streams';
import { allowStrikes } from './strike';
import { ownTimers } from './timers';
import { ownTraining } from './training';
import { installTraps } from './traps';
import { ownWorkers } from './workers';

type Run = Extract<ToSession, { type: 'run' }>;

const STACK_FRAMES = 100;

/** The main thread's side of the kernel: the user's code, and all that it can reach. */
export class Session {
  readonly #outlet: Outlet;
  readonly #streams: Streams;
  readonly #means: Means;
  readonly #heap = new Heap();
  readonly #shadowed = new Shadowed();
  #count = 0;
  #running: Context | undefined;

  constructor(outlet: Outlet, requests: SharedArrayBuffer, settings: Settings, cwd: string) {
    this.#outlet = outlet;
    ownTimers();
    allowStrikes(this.#heap);
    watchRequests(requests, {
      answered: (request, reason) => this.#answered(request, reason),
      // Who has not come to its end says so itself.
      ended: (context, error) => {
        if (context !== this.#running) this.#tellLate(context, error);
      },
    });
    tellOfChildren(blockedByChild, () => drainDescriptors(() => outlet.send({ type: 'native' })));
    ownChildren();
    ownWorkers();
    ownServers();
    const scripts = new Scripts();
    const places = (text: string): string => withPlaces(text, scripts);
    this.#streams = installStreams(outlet, places);
    const boxes = new Boxes();
    allowDebugging(boxes);
    this.#means = {
      scripts,
      boxes,
      traps: installTraps({ onLate: (context, error) => this.#late(context, error) }),
      displays: installGlobals(globalThis, outlet, { outputLimit: settings.outputLimit, withPlaces: places }),
      importer: createImporter({
        cwd,
        modules: { tslab: () => tslabModule(outlet) },
        onNeighbour: (neighbour) => scripts.rememberNeighbour(neighbour),
      }),
    };
    // V8's ten frames of a library's inside would leave no place for the cell that called it.
    Error.stackTraceLimit = STACK_FRAMES;
    tellPlaces(scripts);
    process.on('SIGINT', () => outlet.send({ type: 'sigint' }));
  }

  take(message: ToSession): void {
    if (message.type === 'run') void this.#run(message);
    else if (message.type === 'express') void this.#express(message);
    else if (message.type === 'comm') void this.#comm(message.context, message.message);
    else if (message.type === 'interrupt') answerMessage();
    else this.#exit();
  }

  #exit(): void {
    endChildren();
    this.#means.traps.exit(0);
  }

  async #run({ context: number, count, cell }: Run): Promise<void> {
    const { scripts, boxes } = this.#means;
    this.#count = count;
    this.#streams.newCell();
    settleOwnRequest();
    this.#heap.takeStock();
    ownTraining(this.#means.displays.jupyter);
    scripts.remember(cell, count);
    const context = newContext(number, count);
    this.#running = context;
    mayLeave(context);
    const outcome = await runCell(cell, context, this.#means);
    this.#running = undefined;
    this.#heap.takeStock();
    const assigned = outcome.error === undefined ? cell.names : boxes.assigned(cell.names);
    const notes = this.#shadowed.notes(assigned, boxes);
    if (notes !== '') inContext(context, () => this.#outlet.print('stderr', notes));
    this.#send({ type: 'done', context: number, assigned, ...outcome });
  }

  async #express({ context: number, cell }: Extract<ToSession, { type: 'express' }>): Promise<void> {
    this.#means.scripts.remember(cell, this.#count);
    const { result, error } = await express(cell, newContext(number, this.#count), this.#means);
    const expression =
      result === undefined
        ? { status: 'error' as const, ename: '', evalue: '', traceback: [], ...error }
        : { status: 'ok' as const, ...result };
    this.#send({ type: 'expressed', context: number, expression });
  }

  async #comm(number: number, message: CommMessage): Promise<void> {
    const { displays } = this.#means;
    const context = newContext(number, this.#count);
    try {
      await runInterruptibly(context, () => displays.receiveComm(message));
      await runInterruptibly(context, () => displays.settle(context));
    } catch (error) {
      this.#outlet.say({ type: 'late', context: number, error: await explain(error, context, this.#means) });
    }
    this.#send({ type: 'handled', context: number });
  }

  #late(context: Context | undefined, error: unknown): void {
    if (!isNoise(error)) this.#tellLate(context, error);
  }

  #tellLate(context: Context | undefined, error: unknown): void {
    this.#outlet.say({
      type: 'late',
      context: context?.number ?? 0,
      error: toCellError(error, this.#means.scripts),
    });
  }

  #answered(request: number, reason: Interruption): void {
    if (reason === 'HeapLimit') this.#heap.takeStock();
    this.#outlet.send({ type: 'interrupted', request });
  }

  #send(message: Parameters<Outlet['send']>[0]): void {
    this.#outlet.send(message satisfies Omit<FromSession, 'at'>);
  }
}
