/**
 * What the three places say to each other. The session (main thread: the user's code) and the protocol (worker thread:
 * sockets, queue, history) talk by MessagePort, what is printed goes through a ring in shared memory (`ring.ts`), and
 * the compiler (a process) is asked by the protocol alone (`compiled.ts`).
 */
import type { CompiledCell } from './compiled';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json | undefined };
export type JsonObject = { [key: string]: Json | undefined };

/** MIME type → what it shows. Text and base64 are strings, JSON types are values. */
export type MimeBundle = Record<string, unknown>;

export interface Display {
  data: MimeBundle;
  metadata: Record<string, unknown>;
}

/** What Jupyter calls `error`: the traceback's lines are coloured with ANSI escapes. */
export interface CellError {
  ename: string;
  evalue: string;
  traceback: string[];
}

/** One entry of an execute_reply's `user_expressions`. */
export type Expression = ({ status: 'ok' } & Display) | ({ status: 'error' } & CellError);

/** What the protocol tells the session. `context` numbers the request that caused it: a cell or a comm message. */
export type ToSession =
  | { type: 'run'; context: number; count: number; silent: boolean; cell: CompiledCell }
  /** Evaluates one user expression after its cell; answered by `expressed`. */
  | { type: 'express'; context: number; cell: CompiledCell }
  | { type: 'comm'; context: number; message: CommMessage }
  /** Ends the user's code of this context: answered by `interrupted`, within 10 ms unless the thread is busy. */
  | { type: 'interrupt'; request: number; reason: Interruption }
  | { type: 'exit' };

/** Why a cell is ended: its error is named after it. */
export type Interruption = 'KeyboardInterrupt' | 'HeapLimit' | 'Exit';

export type CommMessage =
  | { kind: 'open'; comm: string; target: string; data: Json; metadata: JsonObject; buffers: Uint8Array[] }
  | { kind: 'message'; comm: string; data: Json; metadata: JsonObject; buffers: Uint8Array[] }
  | { kind: 'close'; comm: string; data: Json; metadata: JsonObject; buffers: Uint8Array[] };

/**
 * What the session tells the protocol. `at` is how many bytes had been written to the ring: what was printed before is
 * published before. `turn` numbers the messages, but for `printed` (`flow.ts`).
 */
export type FromSession = { at: number; turn?: number } & (
  | { type: 'done'; context: number; result?: Display; error?: CellError; assigned: string[] }
  | { type: 'expressed'; context: number; expression: Expression }
  | { type: 'handled'; context: number }
  | { type: 'publish'; context: number; message: Published }
  /** An error of code that outlived its cell: a timer, a rejection nobody caught. */
  | { type: 'late'; context: number; error: CellError }
  /** The thread waits in `Atomics.wait` for the answer (`answers.ts`). */
  | { type: 'input'; context: number; prompt: string; password: boolean }
  | { type: 'interrupted'; request: number }
  | { type: 'limit'; megabytes: number }
  /** A child process that was waited for has written to the descriptors: the thread waits until that is read. */
  | { type: 'native' }
  /** Something was written to the ring while it was empty. */
  | { type: 'printed' }
  /** SIGINT, while the event loop turns. */
  | { type: 'sigint' }
);

/** Messages of the iopub channel that the user's code causes. */
export type Published =
  | { kind: 'display'; update: boolean; display: Display; id?: string }
  | { kind: 'clear'; wait: boolean }
  | { kind: 'comm'; message: CommMessage };
