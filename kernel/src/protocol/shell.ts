import { setTimeout } from 'node:timers/promises';
import type { History } from '../history/history';
import type { Compiler, Completeness } from '../places/compiled';
import type { Header } from '../wire/message';
import { codePointsOf, unitsOf } from './codePoints';
import type { Comms } from './comms';
import { field, type Request } from './requests';

/** What the answers need that touch neither the user's code nor a running cell. */
export interface Sources {
  compiler: Compiler;
  history: History;
  comms: Comms;
  info: () => object;
  ports: () => object;
  interrupt: () => Promise<void>;
  /** A request of the Debug Adapter Protocol. */
  debug: (request: Record<string, unknown>) => Promise<object>;
  /** Begins the end of the kernel; the reply still leaves. */
  shutDown: (reply: object, parent: Header) => void;
}

export type Answer = (request: Request) => object | Promise<object>;

/** The requests that are answered at once, also while a cell runs. */
export function answers(sources: Sources): Record<string, Answer> {
  const { compiler, history, comms, info, ports, interrupt, debug, shutDown } = sources;
  return {
    kernel_info_request: () => info(),
    connect_request: () => ({ status: 'ok', ...ports() }),
    comm_info_request: ({ content }) => ({ status: 'ok', comms: comms.info(targetOf(content)) }),
    history_request: ({ content }) => ({ status: 'ok', history: history.answer(content) }),
    complete_request: ({ content }) => complete(compiler, content),
    inspect_request: ({ content }) => inspect(compiler, content),
    interrupt_request: async () => {
      await interrupt();
      return { status: 'ok' };
    },
    debug_request: ({ content }) => debug(content),
    shutdown_request: ({ content, message }) => {
      const said = { status: 'ok', restart: content.restart === true };
      shutDown(said, message.header);
      return said;
    },
    is_complete_request: ({ content }) => isComplete(compiler, field(content, 'code', 'string')),
  };
}

/** A front end may leave the target out, or send null or an empty one, and then means all. */
function targetOf({ target_name }: Record<string, unknown>): string | undefined {
  return typeof target_name === 'string' && target_name !== '' ? target_name : undefined;
}

/** `jupyter console` gives a kernel 1 s, and after that never asks it again. */
const PATIENCE = 700;

function isComplete(compiler: Compiler, code: string): Promise<Completeness> {
  const late = setTimeout(PATIENCE, { status: 'unknown' as const }, { ref: false });
  return Promise.race([compiler.isComplete(code), late]);
}

async function complete(compiler: Compiler, content: Record<string, unknown>): Promise<object> {
  const code = field(content, 'code', 'string');
  const { start, end, items } = await compiler.complete(code, cursorIn(code, content));
  const range = { start: codePointsOf(code, start), end: codePointsOf(code, end) };
  const types = items.map((item) => ({ ...item, ...range }));
  return {
    status: 'ok',
    matches: items.map(({ text }) => text),
    cursor_start: range.start,
    cursor_end: range.end,
    metadata: { _jupyter_types_experimental: types },
  };
}

async function inspect(compiler: Compiler, content: Record<string, unknown>): Promise<object> {
  const code = field(content, 'code', 'string');
  const detail = field(content, 'detail_level', 'number', 0) > 0 ? 1 : 0;
  const data = await compiler.inspect(code, cursorIn(code, content), detail);
  return { status: 'ok', found: data !== undefined, data: data ?? {}, metadata: {} };
}

/** The cursor in UTF-16 units. A front end may leave it out, and then means the end. */
function cursorIn(code: string, content: Record<string, unknown>): number {
  const position = field(content, 'cursor_pos', 'number', Number.POSITIVE_INFINITY);
  return unitsOf(code, Math.max(0, position));
}
