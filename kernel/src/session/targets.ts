import type { Interruption } from '../places/messages';
import type { Context } from './contexts';

/** The contexts whose cell or comm message still runs, and those that were found looping. */
const running = new Set<Context>();
/** Those of them whose cell had come to its end. */
const left = new Set<Context>();
/** Those that were found at work while the heap was full, until the request that follows is answered. */
const culprits = new Set<Context>();

export function runs(context: Context): void {
  running.add(context);
}

let lastEnd = performance.now();

export function msSinceLastEnd(): number {
  return performance.now() - lastEnd;
}

export function isOver(context: Context): void {
  lastEnd = performance.now();
  running.delete(context);
  left.delete(context);
}

/** Of what runs now: a cell that goes on, or what one has left. @param reason Why one was looked for */
export function foundRunning(context: Context, reason: Interruption): void {
  if (reason === 'HeapLimit') culprits.add(context);
  if (running.has(context)) return;
  running.add(context);
  left.add(context);
}

/** The request was answered. */
export function forgetCulprits(): void {
  culprits.clear();
}

/** Whether its cell has come to its end: what runs is what it has left. */
export function isLeft(context: Context): boolean {
  return left.has(context);
}

/** Whether no cell and no comm message runs. */
export function isIdle(): boolean {
  return running.size === 0;
}

/** Whom an interrupt ends: who fills the heap ends alone, if known. */
export function endedBy(reason: Interruption): ReadonlySet<Context> {
  return reason === 'HeapLimit' && culprits.size > 0 ? culprits : running;
}

/** Whether it is somebody else whom such an interrupt ends. */
export function isSparedBy(reason: Interruption, context: Context): boolean {
  return reason === 'HeapLimit' && culprits.size > 0 && !culprits.has(context);
}

/** What cells that are over have left. */
export function allLeft(): ReadonlySet<Context> {
  return left;
}
