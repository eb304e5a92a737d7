import { DASHES, type Figure, PALETTE } from '../../figure';
import { element, text, textWidth } from './elements';

const SAMPLE = 38;
const ROW = 22;

interface Entry {
  name: string;
  style: number;
}

/** The runs of a figure, each once; a single curve without a name of its own needs none. */
export function legendEntries({ panels }: Figure): Entry[] {
  const entries = new Map<string, Entry>();
  for (const panel of panels) {
    const runs = 'paths' in panel ? panel.paths : panel.series.length > 1 ? panel.series : [];
    for (const { name, style } of runs) entries.set(`${style} ${name}`, { name, style });
  }
  return [...entries.values()];
}

/** The entries in rows, with a sample of colour and dash; outside the plots. */
export function legend(
  entries: Entry[],
  x: number,
  y: number,
  width: number,
): { svg: string; height: number } {
  let left = x;
  let top = y;
  const items = entries.map((entry) => {
    const needed = SAMPLE + 8 + textWidth(entry.name) + 24;
    if (left > x && left + needed > x + width) {
      left = x;
      top += ROW;
    }
    const item = sample(entry, left, top);
    left += needed;
    return item;
  });
  return { svg: items.join(''), height: entries.length === 0 ? 0 : top - y + ROW };
}

function sample({ name, style }: Entry, x: number, y: number): string {
  const stroke = PALETTE[style % PALETTE.length];
  const dash = DASHES[style % DASHES.length]!.join(' ') || undefined;
  const line = element('line', {
    x1: x,
    x2: x + SAMPLE,
    y1: y + 9,
    y2: y + 9,
    stroke,
    'stroke-width': 2.5,
    'stroke-dasharray': dash,
  });
  return line + text([x + SAMPLE + 8, y + 13.5], name);
}
