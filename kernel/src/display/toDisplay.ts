import type { Display } from '../places/messages';
import { currentContext } from '../session/contexts';
import { DisplayHandle } from './handle';
import { Picture } from './image';
import { toPlain } from './inspect';
import { toDisplayOf } from './mime';
import { isModel, modelText } from './model';
import { DISPLAY, Markup } from './rich';
import { tableHtml, tableOf, tablePlain } from './table';
import { isTensor, tensorText } from './tensor';
import { className, messageOf, wellFormed } from './text';

/**
 * What a notebook shows of a value: its own MIME bundle when it has a `[Symbol.for('Jupyter.display')]()`, else a
 * table, a tensor's description, or the text of `util.inspect`.
 *
 * @returns a Promise only when the value's own method returns one
 * @throws what the value's own method threw, or returned that is no MIME bundle; for any other value nothing
 */
export function toDisplay(value: unknown): Display | Promise<Display> {
  if (guarded(() => isOurs(value))) return (value as Markup | Picture).toDisplay();
  return isDisplayable(value) ? ownDisplay(value) : plainDisplay(value);
}

/** The same for the last expression of a cell: `undefined` shows nothing, nor does what `display` has shown already. */
export function toResult(value: unknown): Display | undefined | Promise<Display> {
  const isSilent = value === undefined || guarded(() => value instanceof DisplayHandle);
  return isSilent ? undefined : toDisplay(value);
}

/** Throws for a Proxy that does not say what it is. */
function isOurs(value: unknown): value is Markup | Picture {
  return value instanceof Markup || value instanceof Picture;
}

interface Displayable {
  [DISPLAY](): unknown;
}

/** A Proxy that answers every question is asked for the symbol by `in` first, and may refuse both. */
function isDisplayable(value: unknown): value is Displayable {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
  try {
    return DISPLAY in value && typeof value[DISPLAY] === 'function';
  } catch {
    return false;
  }
}

function ownDisplay(value: Displayable): Display | Promise<Display> {
  const method = `${className(value)}[Symbol.for('Jupyter.display')]()`;
  const bundle = named(method, () => value[DISPLAY]());
  if (!isPromise(bundle)) return toDisplayOf(method, bundle);
  return Promise.resolve(bundle).then(
    (settled) => toDisplayOf(method, settled),
    (error) => named(method, () => raise(error)),
  );
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function';
}

function raise(error: unknown): never {
  throw error;
}

/** Errors are named after the method that threw them; the cell's interrupt stays what it is. */
function named<T>(method: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (currentContext()?.ended !== undefined) throw error;
    throw new Error(`${method} failed: ${messageOf(error)}`, { cause: error });
  }
}

function plainDisplay(value: unknown): Display {
  const known = guarded(() => tableDisplay(value) ?? tensorFlowDisplay(value));
  return known ?? text(toPlain(value));
}

/** Whatever the value does while it is looked at (a getter, a Proxy), `util.inspect` has the last word. */
function guarded<T>(look: () => T | undefined): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}

function tableDisplay(value: unknown): Display | undefined {
  const table = tableOf(value);
  if (table === undefined) return undefined;
  const data = { 'text/html': wellFormed(tableHtml(table)), 'text/plain': wellFormed(tablePlain(table)) };
  return { data, metadata: {} };
}

function tensorFlowDisplay(value: unknown): Display | undefined {
  if (isTensor(value)) return text(tensorText(value));
  return isModel(value) ? text(modelText(value)) : undefined;
}

function text(plain: string): Display {
  return { data: { 'text/plain': wellFormed(plain) }, metadata: {} };
}
