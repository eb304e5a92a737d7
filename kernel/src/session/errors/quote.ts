/** What is quoted: lines of a text, and in one of them a column and how far it goes from there; from 1. */
export interface Quoted {
  lines: string[];
  line?: number;
  column?: number;
  length?: number;
}

const RED = '\u001b[31m';
const BOLD = '\u001b[1m';
const DIM = '\u001b[2m';
const NORMAL = '\u001b[22m';
const COLOUR_OFF = '\u001b[39m';

export const red = (text: string): string => `${RED}${text}${COLOUR_OFF}`;
/** Front ends draw no other colour readably on the background of an error, in the light and in the dark. */
export const bold = (text: string): string => `${BOLD}${text}${NORMAL}`;
export const dim = (text: string): string => `${DIM}${text}${NORMAL}`;

/** Columns of a quoted line that are shown around the place. */
const WIDTH = 100;

/** The line of a place with the one before and after it, and a marker under the column. */
export function quote({ lines, line, column = 1, length = 1 }: Quoted): string[] {
  if (line === undefined || lines[line - 1] === undefined) return [];
  const digits = String(line + 1).length;
  const from = Math.max(0, column - WIDTH);
  const quoted: string[] = [];
  for (let number = Math.max(1, line - 1); number <= Math.min(lines.length, line + 1); number++) {
    const text = (lines[number - 1] ?? '').slice(from, from + 2 * WIDTH);
    const gutter = `${number === line ? red('>') : ' '} ${dim(`${String(number).padStart(digits)} |`)}`;
    quoted.push(`${gutter} ${text}`.trimEnd());
    if (number === line)
      quoted.push(`  ${dim(`${' '.repeat(digits)} |`)} ${marker(text, column - from, length)}`);
  }
  return quoted;
}

/** Tabs before the column stay tabs, so that the marker stands under it. */
function marker(text: string, column: number, length: number): string {
  const marked = Math.max(1, Math.min(length, text.length - column + 1));
  return text.slice(0, column - 1).replace(/[^\t]/g, ' ') + red('^'.repeat(marked));
}
