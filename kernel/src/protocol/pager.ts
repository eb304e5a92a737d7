import type { Compiler, Inspection } from '../places/compiled';

/** What a front end opens in its pager after the cell. */
export interface Page {
  source: 'page';
  data: Inspection | { 'text/plain': string };
  start: number;
}

/** A cell that asks for help on a name, `Math.max?`, or for all that is known of it, `Math.max??`: as in IPython. */
export interface Question {
  name: string;
  detail: 0 | 1;
}

const QUESTION = /^\s*(?<name>[\p{ID_Start}$_][\p{ID_Continue}$.]*)(?<marks>\?\??)\s*;?\s*$/u;

/** No TypeScript ends in a question mark, so that such a cell is nothing else. */
export function questionIn(code: string): Question | undefined {
  const { name, marks } = QUESTION.exec(code)?.groups ?? {};
  return name === undefined ? undefined : { name, detail: marks === '??' ? 1 : 0 };
}

/** The answer, for an execute_reply's `payload`. */
export async function pageFor(
  { name, detail }: Question,
  compiler: Pick<Compiler, 'inspect'>,
): Promise<Page> {
  const found = await compiler.inspect(name, name.length, detail);
  return { source: 'page', data: found ?? { 'text/plain': `nothing is known of ${name}` }, start: 0 };
}
