import { formatWithOptions, type InspectOptions, inspect } from 'node:util';
import { withoutHooks } from '../display/inspect';
import { withTensorsDescribed } from '../display/standIns';

/** Where a console writes: what cells may have put in the place of `write` is called. */
interface Target {
  write(text: string): unknown;
}

export interface CellConsole {
  /** A new cell begins at the left margin, whatever groups the last one left open. */
  newCell(): void;
}

/** Makes the stacks in a text readable. */
export type Explain = (text: string) => string;

/** What a text with a stack in it has: an error's own, or one of an error inside of something. */
const FRAME = '    at ';
const PLAIN: InspectOptions = { colors: false };
const GROUP = 2;

/**
 * Replaces what the global console prints with: Node's own takes six times as long for a line. The object stays the
 * same, and what is not replaced (`table`, `time`, `count`, `assert`) prints by these.
 */
export function installConsole(
  stdout: Target,
  stderr: Target,
  explain: Explain,
  clear: () => void,
): CellConsole & { restore(): void } {
  const before = { ...console };
  let margin = '';
  const printer =
    (target: Target) =>
    (...values: unknown[]): void => {
      const plain = textOf(values);
      const text = plain.includes(FRAME) ? explain(plain) : plain;
      target.write(margin === '' ? `${text}\n` : `${margin}${text.replaceAll('\n', `\n${margin}`)}\n`);
    };
  const log = printer(stdout);
  const error = printer(stderr);
  const group = (...titles: unknown[]): void => {
    if (titles.length > 0) log(...titles);
    margin += ' '.repeat(GROUP);
  };
  const groupEnd = (): void => {
    margin = margin.slice(GROUP);
  };
  const dir = (value: unknown, options?: InspectOptions): void =>
    log(inspect(value, { customInspect: false, ...PLAIN, ...options }));
  function trace(...values: unknown[]): void {
    const here: { name: string; message: string; stack?: string } = {
      name: 'Trace',
      message: textOf(values),
    };
    Error.captureStackTrace(here, trace);
    error(here.stack);
  }
  const ours = { log, info: log, debug: log, dirxml: log, warn: error, error, group, groupEnd };
  Object.assign(console, ours, { groupCollapsed: group, dir, trace, clear });
  return {
    newCell: () => {
      margin = '';
    },
    restore: () => {
      Object.assign(console, before);
    },
  };
}

/** What most lines are needs no formatting. */
function textOf(values: unknown[]): string {
  const [first] = values;
  if (values.length === 1 && typeof first === 'string') return first;
  return withoutHooks(formatWithOptions(PLAIN, ...values.map((value) => withTensorsDescribed(value))));
}
