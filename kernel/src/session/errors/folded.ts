import { type Frame, frameText } from './frames';
import { inPackage } from './packages';
import { bold, dim } from './quote';

/** Frames of one stack that are shown: the first ones, and the last, where the cell stands. */
const FIRST = 20;
const LAST = 5;
/** Frames in a row that are no cell's and are shown: where a cell called them, only the one that threw. */
const CALLED = 1;
const ALONE = 3;

/** Frames as a traceback has them. */
export function framesText(frames: readonly Frame[]): string[] {
  const lines = folded(frames);
  if (lines.length <= FIRST + LAST) return lines;
  const left = lines.length - FIRST - LAST;
  return [...lines.slice(0, FIRST), dim(`    … ${left} more …`), ...lines.slice(-LAST)];
}

/** A library's frames in a row are told by the first and how many follow: what matters is which line of the cell called. */
function folded(frames: readonly Frame[]): string[] {
  const shown = frames.some(isNear) ? CALLED : ALONE;
  return rows(frames).flatMap((row) => {
    // One line that says of one frame that it is there would be no shorter.
    if (isNear(row[0]!) || row.length <= shown + 1) return row.map(colouredFrame);
    return [...row.slice(0, shown).map(colouredFrame), hidden(row.slice(shown))];
  });
}

const isNear = ({ place }: Frame): boolean => place !== undefined;

/** Frames that follow each other and are all of cells, or all of others. */
function rows(frames: readonly Frame[]): Frame[][] {
  const found: Frame[][] = [];
  for (const frame of frames) {
    const row = found.at(-1);
    if (row !== undefined && isNear(row[0]!) === isNear(frame)) row.push(frame);
    else found.push([frame]);
  }
  return found;
}

/** `… 8 more in @tensorflow/tfjs-core …` */
function hidden(row: readonly Frame[]): string {
  const names = row.flatMap(({ where }) => inPackage(where)?.name ?? []);
  const where = names.length === 0 ? 'outside of the cells' : `in ${[...new Set(names)].join(', ')}`;
  return dim(`    … ${row.length} more ${where} …`);
}

function colouredFrame({ name, where, place }: Frame): string {
  const packaged = inPackage(where);
  const short = packaged === undefined ? where : `${packaged.name}/${packaged.rest}`;
  return `    at ${frameText({ name, where: place === undefined ? short : bold(where) })}`;
}
