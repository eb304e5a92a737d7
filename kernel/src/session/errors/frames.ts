import path from 'node:path';
import type { Place, Scripts } from './scripts';

/** One line of a stack. */
export interface Frame {
  /** `f`, `async f`, `new Foo`; empty for a cell's own code. */
  name: string;
  /** What follows the name, ready to be shown. */
  where: string;
  /** Where that is in a cell or a neighbour. */
  place?: Place;
}

/** A stack cut into what stands before the frames and the frames. */
export interface Stack {
  /** What Node puts before the header of a syntax error: the file and the line. */
  before: string;
  frames: Frame[];
}

/** `at f (file:1:2)` and `at file:1:2`: folders may have brackets in their names. */
const NAMED = /^\s*at (?<name>.*?) \((?<file>.+):(?<line>\d+):(?<column>\d+)\)$/;
const PLAIN = /^\s*at (?<file>.+):(?<line>\d+):(?<column>\d+)$/;
/** Code given to `eval` and `new Function`: it stands where they were called. */
const EVALUATED =
  /^\s*at (?<name>.*?) \(eval at .*? \((?<file>.+):(?<line>\d+):(?<column>\d+)\)+, <anonymous>:\d+:\d+\)$/;
const NOWHERE = /^\s*at (?<name>async Promise\.\w+ \(index \d+\)|.* \((?:<anonymous>|native|wasm.*)\))$/;

/** The kernel's own files: nothing that a user can act on. */
const KERNEL = path.resolve(__dirname, '..', '..') + path.sep;

/** Reads what V8 writes. Frames of the kernel and inside Node are left out, those of cells mapped. */
export function readStack(stack: string, message: string, scripts: Scripts): Stack {
  // A message that was changed later does not stand in the stack.
  const start = stack.indexOf(message);
  const end = start < 0 ? 0 : start + message.length;
  const header = stack.slice(0, end);
  const lines = stack.slice(end).split('\n');
  const frames = lines.flatMap((line) => frameOf(scripts.told.raw(line), scripts) ?? []);
  const before = header.includes('\n\n') ? header.slice(0, header.lastIndexOf('\n\n')) : '';
  return { before: isWhere(before) ? before : '', frames };
}

/** `/a/b.js:3`, then the line and carets. */
function isWhere(text: string): boolean {
  return /^(\/|file:|[a-z]:\\|node:|evalmachine)[^\n]*:\d+\n/i.test(text);
}

function frameOf(line: string, scripts: Scripts): Frame | undefined {
  const bare = NOWHERE.exec(line)?.groups?.name;
  if (bare !== undefined) return { name: '', where: bare };
  const found = EVALUATED.exec(line) ?? NAMED.exec(line) ?? PLAIN.exec(line);
  const { name = '', file, line: row, column } = found?.groups ?? {};
  if (file === undefined) return undefined;
  const plain = file.startsWith('async ') ? file.slice('async '.length) : file;
  if (isHidden(plain)) return undefined;
  const shown = /^(async )?<anonymous>$/.test(name) ? '' : name;
  const place = scripts.find(plain, Number(row), Number(column));
  if (place === undefined) return { name: shown, where: `${plain}:${row}:${column}` };
  return { name: shown, where: placeText(place), place };
}

/** A text that may have stacks in it, such as a printed error, with the user's own lines and without the kernel's. */
export function withPlaces(text: string, scripts: Scripts): string {
  if (!text.includes('\n')) return text;
  const lines = text.split('\n').map((line) => [line, withPlace(line, scripts)] as const);
  return lines.flatMap(([line, shown]) => (shown === '' && line !== '' ? [] : [shown])).join('\n');
}

/** A line that may be a frame; empty for one of the kernel's. */
export function withPlace(line: string, scripts: Scripts): string {
  const [, margin = '', frame = '', rest = ''] = PRINTED.exec(line) ?? [];
  if (frame === '') return line;
  const read = frameOf(frame, scripts);
  if (read?.place !== undefined) return `${margin}at ${frameText(read)}${rest}`;
  // What closes the frames may open the error's properties.
  const isInner = frame.includes(KERNEL) || STARTERS.test(frame);
  return isInner ? (rest === '' ? '' : margin + rest.trim()) : line;
}

/** What of Node stands below every cell. */
const STARTERS = /\bnode:(async_hooks|vm|internal\/process\/task_queues|internal\/async_local_storage\/\w+):/;

/** A frame as `util.inspect` prints it: of a cause it is indented, and properties may follow. */
const PRINTED = /^(.*?)(\bat .*?:\d+:\d+\)?)( \{)?$/;

/** `f (cell [3], line 2, column 5)`. */
export function frameText({ name, where }: Frame): string {
  return name === '' ? where : `${name} (${where})`;
}

/** Whether a file, given by its path or URL, is Node's or the kernel's. */
export function isHidden(file: string): boolean {
  return file.startsWith('node:') || file.startsWith(KERNEL) || file.startsWith(`file://${KERNEL}`);
}

function placeText({ title, line, column }: Place): string {
  return line === undefined ? title : `${title}, line ${line}, column ${column}`;
}
