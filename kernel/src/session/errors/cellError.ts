import { toUSVString } from 'node:util';
import type { CompileReply, Problem } from '../../places/compiled';
import type { CellError } from '../../places/messages';
import { framesText } from './folded';
import { type Frame, readStack } from './frames';
import { dim, quote, red } from './quote';
import { type Read, readThrown } from './reading';
import type { Scripts } from './scripts';

/** Causes of causes that are followed. */
const DEPTH = 8;
/** Characters of a message that are shown. */
const MESSAGE = 20_000;

/** What Jupyter is told of a value that a cell has thrown: it never throws itself. */
export function toCellError(thrown: unknown, scripts: Scripts): CellError {
  try {
    const read = shortened(readThrown(thrown));
    const traceback = describe(thrown, read, scripts, { indent: '', seen: new Set() });
    return wellFormed({ ename: read.name, evalue: read.message, traceback });
  } catch {
    const evalue = 'an error that cannot be read was thrown';
    return { ename: 'Error', evalue, traceback: [`${red('Error')}: ${evalue}`] };
  }
}

/** What was interrupted stands anywhere: of that only the user's own lines say something. */
function whereInCells(frames: readonly Frame[]): string[] {
  const own = frames.filter(({ place }) => place !== undefined);
  return [...quoteOf(own), ...framesText(own)];
}

/** What Jupyter is told of a cell that was not run because it does not compile. */
export function toCompileError(reply: Extract<CompileReply, { ok: false }>): CellError {
  const [first] = reply.problems;
  const ename = reply.problems.some(({ kind }) => kind === 'syntax') ? 'SyntaxError' : 'TypeScriptError';
  const evalue = first === undefined ? reply.text : withPosition(first);
  return wellFormed({ ename, evalue, traceback: reply.text.split('\n') });
}

/** Messages may have a second line, which gives advice. */
function withPosition({ message, line, column }: Problem): string {
  const [first = '', ...rest] = message.split('\n');
  // Of another file: it has said where.
  if (/^\S+:\d+:\d+: /.test(first)) return message;
  return [`${first} (line ${line}, column ${column})`, ...rest].join('\n');
}

interface Telling {
  indent: string;
  /** Errors that have been told: causes may run in circles. */
  seen: Set<unknown>;
}

function describe(thrown: unknown, read: Read, scripts: Scripts, telling: Telling): string[] {
  telling.seen.add(thrown);
  const { before, frames } = readStack(read.stack, read.rawMessage, scripts);
  const lines = [
    ...(before === '' ? [] : before.split('\n').map(dim)),
    ...`${red(read.name)}${read.message === '' ? '' : `: ${read.message}`}`.split('\n'),
    ...(read.interrupted ? whereInCells(frames) : [...quoteOf(frames), ...framesText(frames)]),
    ...(read.properties === '' ? [] : read.properties.split('\n').map((line) => `    ${dim(line)}`)),
    ...(telling.seen.size === 1 ? hint(read) : []),
    ...related(read, scripts, telling),
  ];
  return telling.indent === '' ? lines : lines.map((line) => telling.indent + line);
}

/** The first place that is in the user's own text, with its line. */
function quoteOf(frames: Frame[]): string[] {
  const place = frames.find((frame) => frame.place?.line !== undefined)?.place;
  return place === undefined ? [] : quote(place);
}

function hint(read: Read): string[] {
  if (read.name !== 'Thrown') return [];
  return [dim('A value that is not an Error was thrown, so nothing says where: throw new Error(…) does.')];
}

function related(read: Read, scripts: Scripts, { indent, seen }: Telling): string[] {
  if (seen.size >= DEPTH * 2) return [];
  const tell = (title: string, thrown: unknown): string[] => {
    if (seen.has(thrown)) return [];
    const [first = '', ...rest] = describe(thrown, shortened(readThrown(thrown)), scripts, { indent, seen });
    return [`${title}${first}`, ...rest];
  };
  const parts = read.errors.flatMap((error, index) => tell(`[${index + 1}] `, error));
  return [...parts.map((line) => `  ${line}`), ...('cause' in read ? tell('Caused by: ', read.cause) : [])];
}

function shortened(read: Read): Read {
  const { message } = read;
  if (message.length <= MESSAGE) return read;
  return { ...read, message: `${message.slice(0, MESSAGE)}… (${message.length} characters)` };
}

/** Half a surrogate pair is no UTF-8, and the message would be lost. */
function wellFormed({ ename, evalue, traceback }: CellError): CellError {
  return {
    ename: toUSVString(ename),
    evalue: toUSVString(evalue),
    traceback: traceback.map((line) => toUSVString(line)),
  };
}
