import type { Inspection } from '../places/compiled';

/** A part of what is said about a name: code, or words in Markdown. */
export type Section = { code: string } | { words: string };

/** The same as plain text and as Markdown. */
export function render(sections: readonly Section[]): Inspection {
  const plain = sections.map((section) => ('code' in section ? section.code : unmarked(section.words)));
  const marked = sections.map((section) => ('code' in section ? fenced(section.code) : section.words));
  return { 'text/plain': plain.join('\n\n'), 'text/markdown': marked.join('\n\n') };
}

/** The fence is longer than any in the code. */
export function fenced(code: string): string {
  const longest = Math.max(2, ...[...code.matchAll(/`{3,}/g)].map(([fence]) => fence.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}typescript\n${code}\n${fence}`;
}

/** Only our own emphasis: what people write in their comments is theirs. */
const unmarked = (words: string): string => words.replace(/\*\*(.+?)\*\*/g, '$1');
