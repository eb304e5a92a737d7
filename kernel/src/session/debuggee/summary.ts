import { types } from 'node:util';
import { toPlain } from '../../display/inspect';
import { isModel, modelText } from '../../display/model';
import { isTensor, tensorText } from '../../display/tensor';
import { cut } from '../../display/text';
import { Getter, Range } from './children';

const LENGTH = 200;

/** A value in one line. */
export function summaryOf(value: unknown): string {
  if (value instanceof Getter) return '(a getter)';
  if (value instanceof Range) return `${value.end - value.start} elements`;
  return cut(textOf(value).replace(/\s*\n\s*/g, ' '), LENGTH);
}

function textOf(value: unknown): string {
  try {
    if (typeof value === 'string') return JSON.stringify(value);
    if (types.isProxy(value)) return 'Proxy';
    if (isTensor(value)) return tensorText(value);
    if (isModel(value)) return modelText(value);
  } catch {
    // `inspect` has the last word.
  }
  return toPlain(value);
}
