// SVG as text: the few shapes that a figure needs.

export const FONT = 'DejaVu Sans';
export const INK = '#1a1a1a';
export const MUTED = '#595959';
export const SIZE = 13;

/** A box in px. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export type Point = [number, number];

type Attributes = Record<string, string | number | undefined>;

export function element(name: string, attributes: Attributes, content = ''): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? short(value) : escaped(value!)}"`)
    .join('');
  return content === '' ? `<${name}${written}/>` : `<${name}${written}>${content}</${name}>`;
}

export interface TextStyle {
  anchor?: 'start' | 'middle' | 'end';
  size?: number;
  bold?: boolean;
  /** Turned so that it reads upwards. */
  upright?: boolean;
  /** A white seam, for text on colours. */
  halo?: boolean;
  fill?: string;
}

/** A line of text; y is its baseline. */
export function text([x, y]: Point, content: string, style: TextStyle = {}): string {
  const attributes: Attributes = {
    x,
    y,
    'font-size': style.size ?? SIZE,
    'text-anchor': style.anchor === 'start' ? undefined : style.anchor,
    'font-weight': style.bold ? 'bold' : undefined,
    fill: style.fill ?? INK,
    transform: style.upright ? `rotate(-90 ${short(x)} ${short(y)})` : undefined,
  };
  const halo = {
    ...attributes,
    fill: '#fff',
    stroke: '#fff',
    'stroke-width': 3.5,
    'stroke-linejoin': 'round',
  };
  return (
    (style.halo ? element('text', halo, escaped(content)) : '') +
    element('text', attributes, escaped(content))
  );
}

/** Lines through points; a point that is not finite interrupts them. */
export function polyline(points: Point[], attributes: Attributes): string {
  let d = '';
  let pen = 'M';
  for (const [x, y] of points) {
    const drawn = Number.isFinite(x) && Number.isFinite(y);
    if (drawn) d += `${pen}${short(x)} ${short(y)}`;
    pen = drawn ? 'L' : 'M';
  }
  return d === '' ? '' : element('path', { d, fill: 'none', ...attributes });
}

export function rectangle({ x, y, width, height }: Box, attributes: Attributes): string {
  return element('rect', { x, y, width, height, ...attributes });
}

/** Content that is not drawn outside the box. */
export function clipped(id: string, box: Box, content: string): string {
  return (
    element('clipPath', { id }, rectangle(box, {})) + element('g', { 'clip-path': `url(#${id})` }, content)
  );
}

/** A five-pointed star around a point. */
export function star([x, y]: Point, radius: number, attributes: Attributes): string {
  const corners = Array.from({ length: 10 }, (_, k) => {
    const r = k % 2 === 0 ? radius : 0.42 * radius;
    const angle = (k * Math.PI) / 5;
    return `${short(x + r * Math.sin(angle))},${short(y - r * Math.cos(angle))}`;
  });
  return element('polygon', { points: corners.join(' '), ...attributes });
}

/** ✚, drawn as a shape so that it sits exactly on its point. */
export function cross([x, y]: Point, radius: number): string {
  const arms = (width: number, r: number, stroke: string) =>
    element('path', {
      d: `M${short(x - r)} ${short(y)}H${short(x + r)}M${short(x)} ${short(y - r)}V${short(y + r)}`,
      stroke,
      'stroke-width': width,
    });
  return arms(6, radius + 1.5, '#fff') + arms(3, radius, '#000');
}

/** How wide DejaVu Sans sets a text, within some 5 %: its letters fall into a few widths. */
export function textWidth(content: string, size: number = SIZE, bold: boolean = false): number {
  let width = 0;
  for (const letter of content) width += widthOf(letter);
  return width * size * (bold ? 1.1 : 1);
}

function widthOf(letter: string): number {
  if (/[ijl.,:;'|!()[\]fIt ]/.test(letter)) return 0.36;
  if (/[mwMW%]/.test(letter)) return 0.95;
  if (/[A-Z=+−×<>~]/.test(letter)) return 0.72;
  if (/[⁰¹²³⁴⁵⁶⁷⁸⁹⁻₁₂]/.test(letter)) return 0.42;
  return 0.615;
}

/** Breaks a text into lines no wider than so many px. */
export function wrap(content: string, width: number, size: number = SIZE): string[] {
  const lines: string[] = [];
  for (const word of content.split(' ')) {
    const last = lines[lines.length - 1];
    if (last !== undefined && textWidth(`${last} ${word}`, size) <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Whether two boxes have a point in common. */
export function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function escaped(content: string | number): string {
  return String(content).replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
}

/** A tenth of a px is enough, and short. */
function short(x: number): string {
  return String(Math.round(x * 10) / 10);
}
