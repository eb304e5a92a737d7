import path from 'node:path';
import type { Compiler } from '../places/compiled';
import type { Evaluated, Variable } from '../places/debuggee';
import { type Arguments, type Body, type Breakpoint, type SourceBreakpoint, THREAD } from './dap';
import type { Debugger } from './debugger';
import type { CallFrame, V8Scope } from './frames';
import type { Step } from './going';
import { thunk } from './inspected';
import { NAMES, type Sources } from './sources';

export interface Commanded {
  debugger: Debugger;
  sources: Sources;
  compiler: Pick<Compiler, 'asJavaScript'>;
}

export type Command = (given: Arguments) => Body | Promise<Body>;

/** What this debugger can do, in the words of the protocol. */
const CAPABILITIES = {
  supportsConfigurationDoneRequest: true,
  supportsConditionalBreakpoints: true,
  supportsEvaluateForHovers: true,
  supportsModulesRequest: true,
  supportsTerminateRequest: false,
  exceptionBreakpointFilters: [{ filter: 'all', label: 'All exceptions', default: false }],
};

/** Every request of the protocol that is answered, and those that Jupyter added to it. */
export function commands(commanded: Commanded): Record<string, Command> {
  return {
    ...life(commanded),
    ...stops(commanded),
    ...goings(commanded),
    ...looks(commanded),
    ...texts(commanded),
  };
}

function life({ debugger: debug }: Commanded): Record<string, Command> {
  return {
    debugInfo: () => ({
      isStarted: debug.isAttached,
      ...NAMES,
      breakpoints: debug.breakpoints.list,
      stoppedThreads: debug.frames.length > 0 ? [THREAD] : [],
      richRendering: true,
      exceptionPaths: [],
      copyToGlobals: false,
    }),
    initialize: () => CAPABILITIES,
    attach: async () => {
      await debug.attach();
      return {};
    },
    configurationDone: () => ({}),
    disconnect: async () => {
      await debug.detach();
      return {};
    },
  };
}

function stops({ debugger: debug }: Commanded): Record<string, Command> {
  return {
    setBreakpoints: async ({ source, breakpoints }): Promise<{ breakpoints: Breakpoint[] }> => ({
      breakpoints: await debug.breakpoints.put(debug.thread, pathIn(source), askedIn(breakpoints)),
    }),
    setExceptionBreakpoints: async ({ filters }) => {
      await debug.pauseOnExceptions(Array.isArray(filters) && filters.includes('all') ? 'all' : 'none');
      return {};
    },
  };
}

function goings({ debugger: debug }: Commanded): Record<string, Command> {
  const step = (way: Step) => async (): Promise<Body> => {
    await debug.step(way);
    return {};
  };
  return {
    continue: async () => {
      await debug.resume();
      return { allThreadsContinued: true };
    },
    next: step('stepOver'),
    stepIn: step('stepInto'),
    stepOut: step('stepOut'),
    pause: async () => {
      await debug.pause();
      return {};
    },
    threads: () => ({ threads: [{ id: THREAD, name: 'Notebook' }] }),
  };
}

function looks({ debugger: debug, compiler }: Commanded): Record<string, Command> {
  const frameOf = (id: unknown): CallFrame | undefined =>
    id === undefined ? undefined : debug.frame(id).call;
  return {
    stackTrace: ({ startFrame = 0, levels = 0 }) => {
      const stackFrames = debug.frames.map(({ shown }) => shown);
      const from = Number(startFrame);
      const to = Number(levels) > 0 ? from + Number(levels) : undefined;
      return { stackFrames: stackFrames.slice(from, to), totalFrames: stackFrames.length };
    },
    scopes: async ({ frameId }) => ({ scopes: await scopesOf(debug, debug.frame(frameId).call) }),
    variables: async ({ variablesReference }) => ({
      variables: await variables(debug, Number(variablesReference)),
    }),
    inspectVariables: async () => {
      await debug.thread.ask('forget');
      return { variables: await debug.thread.ask('session') };
    },
    richInspectVariables: async ({ variableName, frameId }) => {
      const code = thunk(String(variableName));
      const shown = await debug.thread.ask('rich', code, frameOf(frameId));
      return { ...(shown ?? { data: {}, metadata: {} }) };
    },
    evaluate: async ({ expression, frameId }) => {
      const code = thunk(await compiler.asJavaScript(String(expression)));
      return told(await debug.thread.ask('evaluate', code, frameOf(frameId)));
    },
  };
}

function texts({ debugger: debug, sources }: Commanded): Record<string, Command> {
  return {
    dumpCell: ({ code }) => ({ sourcePath: sources.dump(String(code)) }),
    source: ({ source }) => {
      const file = pathIn(source);
      const content = sources.text(file);
      if (content === undefined) throw new Error(`${file} can not be read.`);
      return {
        content,
        mimeType: path.extname(file) === '.ts' ? 'application/typescript' : 'text/javascript',
      };
    },
    modules: () => {
      const modules = debug.files.map((file) => ({ id: file, name: path.basename(file), path: file }));
      return { modules, totalModules: modules.length };
    },
  };
}

function pathIn(source: unknown): string {
  const named = (source as { path?: unknown } | undefined)?.path;
  if (typeof named !== 'string') throw new Error('source.path: expected the path of a cell or file.');
  return named;
}

function askedIn(breakpoints: unknown): SourceBreakpoint[] {
  const asked = Array.isArray(breakpoints) ? (breakpoints as Partial<SourceBreakpoint>[]) : [];
  for (const { line } of asked)
    if (!Number.isInteger(line)) throw new Error(`breakpoints: expected a line number, got ${line}.`);
  return asked as SourceBreakpoint[];
}

interface Scope {
  name: string;
  variablesReference: number;
  expensive: boolean;
}

/** Kept out of the way of what is held. */
const NOTEBOOK_REFERENCE = 2 ** 31 - 1;

/**
 * What the user's code sees, innermost first: all of the function's own blocks, functions around it, and at last the
 * variables of the notebook. JupyterLab tells scopes apart by their names.
 */
async function scopesOf(debug: Debugger, { scopeChain }: CallFrame): Promise<Scope[]> {
  const own = scopeChain.findIndex(({ type }) => type === 'local') + 1;
  const around = scopeChain.slice(own).filter(({ type }) => /^(closure|block|catch|module)$/.test(type));
  const scopes = [
    await scopeOf(debug, 'Local', scopeChain.slice(0, own)),
    ...(await Promise.all(
      around.map((one, at) => scopeOf(debug, at === 0 ? 'Closure' : `Closure ${at + 1}`, [one])),
    )),
  ];
  const notebook = { name: 'Notebook', variablesReference: NOTEBOOK_REFERENCE, expensive: false };
  return [...scopes.filter((scope) => scope !== undefined), notebook];
}

async function scopeOf(debug: Debugger, name: string, scopes: V8Scope[]): Promise<Scope | undefined> {
  const held = scopes.flatMap(({ object }) => object.objectId ?? []);
  if (held.length === 0) return undefined;
  const variablesReference = await debug.thread.hold(held);
  const shown = await debug.thread.ask('variables', String(variablesReference));
  return shown.length === 0 ? undefined : { name, variablesReference, expensive: false };
}

function variables(debug: Debugger, reference: number): Promise<Variable[]> {
  if (reference === NOTEBOOK_REFERENCE) return debug.thread.ask('session');
  return debug.thread.ask('variables', String(reference));
}

function told(answer: Evaluated): Body {
  if (!answer.ok) throw new Error(answer.message);
  const { ok, ...body } = answer;
  return body;
}
