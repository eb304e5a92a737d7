import type { Axis } from 'losslab/figure';
import { rangeOnScale, ticks } from './scale';
import { LINE, plainText, SIZES, textWidth, wrap } from './text';
import type { Theme } from './theme';

/** Between plot and tick labels, labels and title, title and frame. */
const TICK = 6;
const STANDOFF = 8;
const EDGE = 6;

/** An axis in Plotly's terms, and the room it takes outside the plot. */
export interface DrawnAxis {
  layout: Record<string, unknown>;
  margin: number;
}

/** How an axis looks that is `length` px long: our own ticks, so that their labels have a known size. */
function drawn(axis: Axis, theme: Theme, length: number, count: number): Record<string, unknown> {
  const found = ticks(axis, count);
  const title = wrap(axis.label, length, SIZES.title).map(plainText).join('<br>');
  return {
    type: 'linear',
    range: rangeOnScale(axis),
    tickvals: found.map(({ at }) => at),
    ticktext: found.map(({ text }) => text),
    tickangle: 0,
    ticks: 'outside',
    ticklen: TICK,
    tickcolor: theme.edge,
    tickfont: { size: SIZES.tick },
    title: { text: title, standoff: STANDOFF, font: { size: SIZES.title } },
    gridcolor: theme.faint,
    zeroline: false,
    automargin: false,
  };
}

/** The room for the lines of a title that is wrapped to `length` px. */
export function titleRoom(label: string, length: number): number {
  return Math.ceil(wrap(label, length, SIZES.title).length * SIZES.title * LINE);
}

/** A horizontal axis `length` px long. */
export function horizontal(axis: Axis, theme: Theme, length: number): DrawnAxis {
  const widest = Math.max(...ticks(axis, 5).map(({ text }) => textWidth(text, SIZES.tick)), 24);
  const count = Math.max(2, Math.min(8, Math.floor(length / (widest + 24))));
  const labels = TICK + 3 + SIZES.tick * LINE;
  const margin = Math.ceil(labels + STANDOFF + titleRoom(axis.label, length) + EDGE);
  return { layout: drawn(axis, theme, length, count), margin };
}

/** A vertical axis `length` px long. */
export function vertical(axis: Axis, theme: Theme, length: number): DrawnAxis {
  const count = verticalCount(length);
  const labels = TICK + 3 + widestTick(axis, count);
  const margin = Math.ceil(labels + STANDOFF + titleRoom(axis.label, length) + EDGE);
  return { layout: drawn(axis, theme, length, count), margin };
}

/** As many labels as stand above each other without a crowd. */
export function verticalCount(length: number): number {
  return Math.max(2, Math.min(8, Math.floor(length / 36)));
}

/** The width of the widest tick label. */
export function widestTick(axis: Pick<Axis, 'scale' | 'range'>, count: number): number {
  return Math.max(0, ...ticks(axis, count).map(({ text }) => textWidth(text, SIZES.tick)));
}

/** A thin frame around a box of the plot, given by its ends in shares of the plot's height. */
export function frameOf(theme: Theme, [low, high]: [number, number] = [0, 1]): Record<string, unknown> {
  const line = { color: theme.edge, width: 1 };
  return { type: 'rect', xref: 'paper', yref: 'paper', x0: 0, x1: 1, y0: low, y1: high, line };
}

/** What all plots share: transparent paper, the theme's font and ink, hover boxes that read. */
export function baseLayout(theme: Theme): Record<string, unknown> {
  const font = { family: theme.font, size: SIZES.tick, color: theme.ink };
  return {
    autosize: false,
    paper_bgcolor: 'rgba(0,0,0,0)',
    plot_bgcolor: 'rgba(0,0,0,0)',
    font,
    hovermode: 'closest',
    hoverlabel: { bgcolor: theme.paper, bordercolor: theme.ink, font, namelength: -1 },
    showlegend: false,
    modebar: { bgcolor: theme.paper, color: theme.ink, activecolor: theme.ink },
  };
}
