import path from 'node:path';
import { STRIKE_FILE } from '../places/requests';

const KERNEL = path.dirname(__dirname) + path.sep;
/** Frames that are looked at. A deeper stack is the user's. */
export const DEPTH = 100;

export const isNodes = (file: string): boolean => file.startsWith('node:');

/** Whether a file is neither Node's nor the kernel's. What has none (`Array.map`) is nobody's. */
export const isUsers = (file: string): boolean => file !== '' && !isNodes(file) && !file.startsWith(KERNEL);

/** Whether code of the user's, or of a library, called what the inspector asked for. */
export function isUserCodeOnStack(): boolean {
  const files = filesOnStack();
  return files.length >= DEPTH || files.some(isUsers);
}

/** What calls hooks: where one throws, or is terminated, Node ends the process. */
export const HOOKS = 'node:internal/async_hooks';

export function isInHook(): boolean {
  return filesOnStack().includes(HOOKS);
}

/** The files of what was interrupted by a strike, from the top of its stack. */
export function interruptedFiles(): string[] {
  const files = filesOnStack();
  return files.slice(files.lastIndexOf(STRIKE_FILE) + 1);
}

/** What `eval` and `new Function` were given. */
export const EVALUATED = 'eval';

/** The scripts of cells (`compiler/service.ts`). */
const CELL = /[\\/]cell-\d+_*\.ts$/;

export const isCells = (file: string): boolean => CELL.test(file);

/** How many functions of cells have called one another. */
export function cellsOnStack(): number {
  return filesOnStack().filter(isCells).length;
}

/** Whether the code of a cell, and no library's, called what the kernel has put in the place of something. */
export function isCalledByCell(): boolean {
  const caller = filesOnStack().find((file) => file !== '' && !file.startsWith(KERNEL));
  return caller !== undefined && isCells(caller);
}

/** Code that has frozen `Error` hides its stack: what can not be seen is taken to be the user's. */
const UNSEEN = ['unseen'];

function filesOnStack(): string[] {
  const { prepareStackTrace, stackTraceLimit } = Error;
  // Functions that wait are no part of the stack.
  const files = (_: Error, frames: NodeJS.CallSite[]): string[] =>
    frames.filter((frame) => !frame.isAsync()).map(fileOf);
  const isOpen =
    Reflect.set(Error, 'stackTraceLimit', DEPTH) && Reflect.set(Error, 'prepareStackTrace', files);
  try {
    if (!isOpen) return UNSEEN;
    const stack: unknown = new Error().stack;
    return typeof stack === 'string' ? filesIn(stack) : (stack as string[]);
  } finally {
    Reflect.set(Error, 'stackTraceLimit', stackTraceLimit);
    if (prepareStackTrace === undefined) Reflect.deleteProperty(Error, 'prepareStackTrace');
    else Reflect.set(Error, 'prepareStackTrace', prepareStackTrace);
  }
}

/** While V8 has one stack made ready, it gives of another the text alone. */
function filesIn(stack: string): string[] {
  const frames = stack.split('\n').filter((line) => /^ {4}at (?!async )/.test(line));
  return frames.map((line) => {
    if (line.includes(TRAMPOLINE)) return 'node:';
    return /(?:^ {4}at |\()((?:node:|file:|\/|[a-z]:\\).*):\d+:\d+\)?$/i.exec(line)?.[1] ?? '';
  });
}

/** What the event loop calls goes through this function of the hooks' module when there are hooks: that is no hook. */
const TRAMPOLINE = 'callbackTrampoline';

function fileOf(frame: NodeJS.CallSite): string {
  if (frame.getFunctionName() === TRAMPOLINE) return 'node:';
  return frame.getScriptNameOrSourceURL() ?? (frame.isEval() ? EVALUATED : '');
}
