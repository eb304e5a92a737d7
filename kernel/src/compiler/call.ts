/** The function that is being called where the cursor stands between its parentheses. */
import type { CellCompiler } from './compile';
import { commentText, firstParagraph } from './documentation';
import { withoutPaths } from './paths';
import { type Section, strongCode } from './sections';
import { ts } from './typescript';

export function callSections(
  { service }: CellCompiler,
  file: string,
  position: number,
  detail: 0 | 1,
): Section[] {
  const help = service.languageService.getSignatureHelpItems(file, position, undefined);
  const item = help?.items[help.selectedItemIndex];
  if (!help || !item) return [];
  const comment = commentText(item.documentation);
  const text = detail === 0 ? firstParagraph(comment) : comment;
  return [
    { code: withoutPaths(signature(item), service.cwd) + overloads(help) },
    ...(text ? [{ words: text }] : []),
    ...parameter(item, help.argumentIndex),
  ];
}

function signature(item: ts.SignatureHelpItem): string {
  const separator = ts.displayPartsToString(item.separatorDisplayParts);
  const parameters = item.parameters.map(({ displayParts }) => ts.displayPartsToString(displayParts));
  const [before, after] = [item.prefixDisplayParts, item.suffixDisplayParts].map((parts) =>
    ts.displayPartsToString(parts),
  );
  return `${before}${parameters.join(separator)}${after}`;
}

function overloads({ items, selectedItemIndex }: ts.SignatureHelpItems): string {
  return items.length > 1 ? ` // ${selectedItemIndex + 1} of ${items.length} overloads` : '';
}

/** The argument that comes next. The last parameter may take all that follow. */
function parameter(item: ts.SignatureHelpItem, at: number): Section[] {
  const active = item.parameters[at] ?? (item.isVariadic ? item.parameters.at(-1) : undefined);
  if (!active) return [];
  const comment = commentText(active.documentation);
  const named = strongCode(ts.displayPartsToString(active.displayParts));
  return [{ words: `→ ${named}${comment ? `: ${comment}` : ''}` }];
}
