import type { Figure, Panel } from 'losslab/figure';
import { styleOf } from './styles';
import { nameAndMeaning } from './text';
import type { Theme } from './theme';

/** A line of the legend: a run, or what a mark stands for. */
export interface Entry {
  name: string;
  /** The run's style; without it the entry explains a mark. */
  style?: number;
  /** Over a coloured plane lines have a halo and are never white. */
  onPlane: boolean;
  /** A sign, or the name of an axis in 3D. */
  mark?: string;
}

/** What a figure's legend says: each run once, then the marks on planes; nothing where there is one run only. */
export function legendOf({ panels }: Figure): Entry[] {
  const entries = [...panels.flatMap(runsOf), ...marksOf(panels), ...panels.flatMap(axesOf)];
  const unique = new Map(
    entries.map((entry) => [`${entry.mark} ${entry.name} ${entry.style} ${entry.onPlane}`, entry]),
  );
  const found = [...unique.values()];
  return found.every(({ onPlane, style }) => !onPlane && style === found[0]?.style) ? [] : found;
}

function runsOf(panel: Panel): Entry[] {
  if ('paths' in panel) return panel.paths.map(({ name, style }) => ({ name, style, onPlane: true }));
  return [...panel.series, ...(panel.below?.series ?? [])].map(({ name, style }) => ({
    name,
    style,
    onPlane: false,
  }));
}

function marksOf(panels: Panel[]): Entry[] {
  const planes = panels.filter((panel) => 'paths' in panel);
  const withPath = planes.find(({ paths }) => paths.length > 0);
  const marks: Entry[] = [];
  if (withPath) marks.push({ name: 'start', mark: '○', onPlane: true });
  if (withPath) marks.push({ name: 'end', mark: withPath.kind === 'surface' ? '◆' : '★', onPlane: true });
  if (planes.some(({ center }) => center)) marks.push({ name: 'θ', mark: '✚', onPlane: true });
  return marks;
}

/** What the axes of a surface mean: beside them there is room for their names only. */
function axesOf(panel: Panel): Entry[] {
  if (panel.kind !== 'surface') return [];
  return [panel.x, panel.y].flatMap(({ label }) => {
    const { name, meaning } = nameAndMeaning(label);
    return meaning ? [{ name: meaning, mark: name, onPlane: true }] : [];
  });
}

const SVG = 'http://www.w3.org/2000/svg';

/** The legend as a list outside the plots, which wraps like text. */
export function drawLegend(entries: Entry[], theme: Theme): HTMLElement {
  const list = document.createElement('ul');
  list.className = 'losslab-legend';
  list.append(
    ...entries.map((entry) => {
      const item = document.createElement('li');
      const name = document.createElement('span');
      name.textContent = entry.name;
      item.append(
        entry.style === undefined ? sign(entry.mark ?? '○') : swatch(entry.style, entry.onPlane, theme),
        name,
      );
      return item;
    }),
  );
  return list;
}

function sign(mark: string): HTMLElement {
  const element = document.createElement('span');
  element.className = 'losslab-mark';
  element.textContent = mark;
  return element;
}

/** A piece of the run's line, in its colour and dash. */
function swatch(index: number, onPlane: boolean, theme: Theme): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  for (const [name, value] of Object.entries({ width: 36, height: 12, 'aria-hidden': true }))
    svg.setAttribute(name, String(value));
  const { color, dash } = styleOf(index, onPlane ? '#000000' : theme.ink);
  if (onPlane) svg.append(stroke('#ffffff', 6, []));
  svg.append(stroke(color, 2.5, dash));
  return svg;
}

function stroke(color: string, width: number, dash: readonly number[]): SVGLineElement {
  const line = document.createElementNS(SVG, 'line');
  const attributes = { x1: 1, x2: 35, y1: 6, y2: 6, stroke: color, 'stroke-width': width };
  for (const [name, value] of Object.entries(attributes)) line.setAttribute(name, String(value));
  if (dash.length > 0) line.setAttribute('stroke-dasharray', dash.join(' '));
  return line;
}
