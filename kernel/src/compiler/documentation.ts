/** JSDoc as Markdown. */
import { fenced, type Section } from './sections';
import { ts } from './typescript';

/** The text of a comment, where links are the names of what they lead to. */
export function commentText(parts: readonly ts.SymbolDisplayPart[] | undefined): string {
  return ts
    .displayPartsToString(parts ? [...parts] : [])
    .replace(
      /\{@link(?:code|plain)?\s+([^\s|}]+)(?:[\s|]+([^}]*))?\}/g,
      (_, target: string, text?: string) => (text ? text.trim() : `\`${target}\``),
    )
    .trim();
}

export function firstParagraph(text: string): string {
  return text.split(/\n\s*\n/, 1)[0] ?? '';
}

/** `@param x what it is`, one a line; examples as code. */
export function tagSections(tags: readonly ts.JSDocTagInfo[] = []): Section[] {
  const examples = tags.filter(({ name }) => name === 'example');
  const lines = tags.filter(({ name }) => name !== 'example').map(tagLine);
  return [
    ...(lines.length > 0 ? [{ words: lines.join('\n') }] : []),
    ...examples.map(({ text }) => ({ words: example(commentText(text)) })),
  ];
}

function tagLine({ name, text }: ts.JSDocTagInfo): string {
  const named = text?.[0]?.kind === 'parameterName' || text?.[0]?.kind === 'typeParameterName';
  const subject = named ? ` **${text?.[0]?.text}**` : '';
  const rest = commentText(named ? text?.slice(1) : text).replace(/^-\s*/, '');
  return `- @${name}${subject}${rest ? ` ${rest}` : ''}`;
}

/** Many write the fence themselves. */
const example = (text: string): string => `@example\n${text.includes('```') ? text : fenced(text)}`;
