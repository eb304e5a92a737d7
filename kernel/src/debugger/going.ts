import type { Frame } from './frames';

export type Step = 'stepOver' | 'stepInto' | 'stepOut';

/** What the program goes on to: to another line than that it began on, or to the user's code wherever that is. */
export interface Going {
  why: 'step' | 'pause';
  step: Step;
  from: string;
  /** So many more of V8's steps. */
  tries: number;
}

/** So many steps of V8's make one of the user's: several make a line, and some lead through nobody's code. */
const TRIES = 100;

/** What makes the thread stand lies on top of the user's code. */
export const PAUSING: Going = { why: 'pause', step: 'stepOut', from: '', tries: TRIES };

export function stepFrom(frames: readonly Frame[], step: Step): Going {
  return { why: 'step', step, from: placeOf(frames), tries: TRIES };
}

/** A step that comes back to where it began, in a loop, has led somewhere after all when its tries are used up. */
export function isElsewhere({ from, tries }: Going, frames: readonly Frame[]): boolean {
  return tries === 0 || placeOf(frames) !== from;
}

/** A line of a function's call. */
function placeOf(frames: readonly Frame[]): string {
  const { line, source } = frames[0]?.shown ?? { line: 0, source: { path: '' } };
  return `${frames.length} ${source.path}:${line}`;
}
