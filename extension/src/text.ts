/** Sizes of all text in a figure, in px. */
export const SIZES = { tick: 12, title: 13 } as const;

/** The height of a line of text, against its size. */
export const LINE = 1.3;

/**
 * At most as wide as this is a text drawn: an upper bound for the fonts of JupyterLab's themes and DejaVu Sans,
 * the widest of those they fall back to. Capitals and digits are wider than the rest.
 */
export function textWidth(text: string, size: number): number {
  let ems = 0;
  for (const character of text) ems += widthOf(character);
  return ems * size;
}

function widthOf(character: string): number {
  if (/[\s.,:;'|()[\]iljtfrI]/.test(character)) return 0.42;
  if (/[mwMW@%—…]/.test(character)) return 0.98;
  if (/[A-Z=+−<>≤≥≈~]/.test(character)) return 0.82;
  return 0.65;
}

/** Breaks a text into lines no wider than `width` px where it has spaces to break at. */
export function wrap(text: string, width: number, size: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const longer = lines.length > 0 ? `${lines.at(-1)} ${word}` : word;
    if (lines.length > 0 && textWidth(longer, size) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** Plotly reads some HTML in texts; ours are plain. */
export function plainText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/**
 * `α (random direction 1)` in two: texts along an axis in 3D are cut off at the scene's edge when they are long, so
 * only the name stands there, and the legend tells its meaning.
 */
export function nameAndMeaning(label: string): { name: string; meaning?: string } {
  const [, name, meaning] = /^(.*?) \((.*)\)$/.exec(label) ?? [];
  return name && meaning ? { name, meaning } : { name: label };
}
