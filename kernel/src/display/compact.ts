import { type InspectOptions, inspect } from 'node:util';
import { ARRAY_LENGTH } from './survey';

/** A screenful or two: what is longer pushes the rest of the notebook away. */
const LONG = 8000;

/** First less of the arrays, which say the same again and again; then less of long texts; then fewer levels. */
const STEPS: readonly InspectOptions[] = [
  { maxArrayLength: ARRAY_LENGTH },
  { maxArrayLength: 20 },
  { maxArrayLength: 6 },
  { maxArrayLength: 6, maxStringLength: 500 },
  ...[2, 1, 0].map((depth) => ({ maxArrayLength: 6, maxStringLength: 500, depth })),
];

/** The text of `util.inspect` down to a depth, with as much left out of a long one as makes it fit a page. */
export function inspectCompact(value: unknown, depth: number): string {
  let text = '';
  for (const step of typeof value === 'object' ? STEPS : STEPS.slice(0, 1)) {
    text = inspect(value, { ...step, depth: Math.min(depth, step.depth ?? depth) });
    if (text.length <= LONG) break;
  }
  return text;
}
