import { Console } from 'node:console';
import { inspect, types } from 'node:util';
import { DISPLAY } from './rich';
import { isTensor, tensorTitle } from './tensor';
import { count, cut, escapeHtml } from './text';

export type Row = Record<string, unknown>;

const ROWS = 20;
const COLUMNS = 20;
/** How many rows are asked whether they look alike. */
const SAMPLE = 100;
const CELL_LENGTH = 200;

/** What is shown of a table: its first rows and columns. */
export interface Table {
  columns: string[];
  rows: Row[];
  /** `… 20 of 1,000 rows`, empty when all is shown. */
  note: string;
}

/** A table when the value is an array of plain objects that share most of their keys and hold mostly plain values. */
export function tableOf(value: unknown): Table | undefined {
  if (types.isProxy(value) || !Array.isArray(value) || value.length === 0) return undefined;
  // Spread, so that holes are values: `every` would step over them.
  const sample: unknown[] = [...value.slice(0, SAMPLE)];
  if (!sample.every(isRow)) return undefined;
  const keys = [...new Set(sample.flatMap((row) => Object.keys(row)))];
  const shared = keys.filter((key) => sample.every((row) => Object.hasOwn(row, key)));
  if (shared.length === 0 || shared.length < keys.length / 2 || !isFlat(sample, shared)) return undefined;
  return {
    columns: keys.slice(0, COLUMNS),
    rows: sample.slice(0, ROWS),
    note: noteOf(value.length, keys.length),
  };
}

function isRow(value: unknown): value is Row {
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return false;
  if (DISPLAY in value) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function isFlat(rows: Row[], keys: string[]): boolean {
  const cells = rows.flatMap((row) => keys.map((key) => read(row, key)));
  const nested = cells.filter((cell) => typeof cell === 'object' && cell !== null && !types.isDate(cell));
  return nested.length <= cells.length / 2;
}

/** The value of a property; a getter is not run. */
function read(row: Row, key: string): unknown {
  return Object.getOwnPropertyDescriptor(row, key)?.value;
}

function noteOf(rows: number, columns: number): string {
  const parts: string[] = [];
  if (rows > ROWS) parts.push(`${ROWS} of ${count(rows)} rows`);
  if (columns > COLUMNS) parts.push(`${COLUMNS} of ${count(columns)} columns`);
  return parts.length === 0 ? '' : `… ${parts.join(', ')}`;
}

export function tableHtml({ columns, rows, note }: Table): string {
  const head = columns.map((column) => `<th>${escapeHtml(cut(column, CELL_LENGTH))}</th>`).join('');
  const body = rows.map((row, index) => {
    const cells = columns.map((column) => `<td>${escapeHtml(cellText(row, column))}</td>`);
    return `<tr><th>${index}</th>${cells.join('')}</tr>`;
  });
  const table = `<table><thead><tr><th></th>${head}</tr></thead><tbody>${body.join('')}</tbody></table>`;
  return note === '' ? table : `${table}<p>${escapeHtml(note)}</p>`;
}

function cellText(row: Row, column: string): string {
  if (isGetter(row, column)) return GETTER;
  const value = read(row, column);
  if (value === undefined) return '';
  return cut(typeof value === 'string' ? value : short(value), CELL_LENGTH);
}

const GETTER = '[Getter]';

function isGetter(row: Row, column: string): boolean {
  return Object.getOwnPropertyDescriptor(row, column)?.get !== undefined;
}

function short(value: unknown): string {
  if (isTensor(value)) return tensorTitle(value);
  return inspect(value, { depth: 0, breakLength: Number.POSITIVE_INFINITY, maxArrayLength: 5 });
}

/** As `console.table` shows it. */
export function tablePlain({ columns, rows, note }: Table): string {
  let text = '';
  const stdout = { write: (piece: string) => (text += piece) } as unknown as NodeJS.WritableStream;
  const shown = rows.map((row) => Object.fromEntries(columns.flatMap((column) => plainCell(row, column))));
  new Console({ stdout, ignoreErrors: false, colorMode: false }).table(shown, columns);
  return `${text}${note}`.trimEnd();
}

function plainCell(row: Row, column: string): [string, unknown][] {
  if (!Object.hasOwn(row, column)) return [];
  const value = read(row, column);
  if (typeof value === 'string') return [[column, cut(value, CELL_LENGTH)]];
  const isSimple = typeof value !== 'object' && typeof value !== 'function' && !isGetter(row, column);
  return [[column, isSimple ? value : { [inspect.custom]: () => cellText(row, column) }]];
}
