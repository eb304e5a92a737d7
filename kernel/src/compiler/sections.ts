import type { Inspection } from '../places/compiled';

/** A part of what is said about a name: code, or words in Markdown. */
export type Section = { code: string } | { words: string };

/** The same as plain text and as Markdown. */
export function render(sections: readonly Section[]): Inspection {
  const plain = sections.map((section) => ('code' in section ? section.code : unmarked(section.words)));
  const marked = sections.map((section) =>
    'code' in section ? fenced(section.code) : withoutTags(section.words),
  );
  return { 'text/plain': plain.join('\n\n'), 'text/markdown': marked.join('\n\n') };
}

/** The fence is longer than any in the code. */
export function fenced(code: string): string {
  const longest = Math.max(2, ...[...code.matchAll(/`{3,}/g)].map(([fence]) => fence.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}typescript\n${code}\n${fence}`;
}

/** A type in the middle of words, which Markdown is not to read. */
export const strongCode = (code: string): string => {
  const ticks = code.includes('`') ? ['`` ', ' ``'] : ['`', '`'];
  return `**${ticks.join(code)}**`;
};

/** Only our own emphasis: what people write in their comments is theirs. */
const unmarked = (words: string): string =>
  words.replace(/\*\*(`` |`)(.+?)( ``|`)\*\*/g, '$2').replace(/\*\*(.+?)\*\*/g, '$1');

/** Code in Markdown, or the beginning of what Markdown takes for a tag; addresses in angle brackets are links. */
const CODE_OR_TAG = /(`+)[\s\S]*?[^`]\1(?!`)|<(?=[\p{L}/!?])(?!(?:https?|mailto):)/gu;

/** `Array<number>` in a comment is no HTML: its type would not be seen. */
const withoutTags = (words: string): string =>
  words.replace(CODE_OR_TAG, (found) => (found === '<' ? '\\<' : found));
