/** The parts of the Debug Adapter Protocol (https://microsoft.github.io/debug-adapter-protocol) that are spoken here. */

/** What a request carries. */
export type Arguments = Record<string, unknown>;
/** What a reply carries. */
export type Body = Record<string, unknown>;

export interface Reply {
  type: 'response';
  seq: number;
  request_seq: number;
  command: string;
  success: boolean;
  /** Why it has failed. */
  message?: string;
  body: Body;
}

export type EventName = 'initialized' | 'stopped' | 'continued';

export interface Source {
  name?: string;
  path: string;
}

/** Where a person wants to stop: lines count from 1. */
export interface SourceBreakpoint {
  line: number;
  /** Stops only where this expression is true. */
  condition?: string;
}

export interface Breakpoint {
  id: number;
  verified: boolean;
  /** Where it stops in truth: the next line that does something. */
  line: number;
  source: Source;
  message?: string;
}

export interface StackFrame {
  id: number;
  name: string;
  line: number;
  column: number;
  source: Source;
}

/** There is one thread for all that a notebook does. */
export const THREAD = 1;
