/** What the client (in the protocol's thread) and the compiler's process say to each other. */
import type { CompileReply, CompileRequest, Completeness, Completions, Inspection } from '../places/compiled';

/** A cell that has run, as it is told to a process that was not there. */
export interface CommittedCell {
  id: number;
  code: string;
  names: string[];
}

export type Question =
  | { kind: 'compile'; request: CompileRequest }
  | { kind: 'complete'; code: string; cursor: number }
  | { kind: 'inspect'; code: string; cursor: number; detail: 0 | 1 }
  | { kind: 'isComplete'; code: string }
  | { kind: 'breakableLines'; code: string }
  | { kind: 'asJavaScript'; code: string };

export interface Answers {
  compile: CompileReply;
  complete: Completions;
  /** JSON has no undefined. */
  inspect: Inspection | null;
  isComplete: Completeness;
  breakableLines: number[];
  asJavaScript: string;
}

export type Answer = Answers[keyof Answers];

export type ToCompiler =
  /** The first message: answered by `ready` when the cells are known and a first check has warmed TypeScript. */
  | { type: 'start'; cwd: string; cells: CommittedCell[] }
  | { type: 'ask'; number: number; question: Question }
  | { type: 'commit'; id: number; names: string[] };

export type FromCompiler =
  | { type: 'ready' }
  | { type: 'answer'; number: number; answer: Answer }
  /** TypeScript itself failed: nothing it knows can be trusted any more. */
  | { type: 'failed'; number: number; error: string };
