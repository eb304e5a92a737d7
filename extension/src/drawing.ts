import type { Figure } from 'losslab/figure';
import { toPlots } from './layout';
import { drawLegend, legendOf } from './legend';
import { drawPlot, type Plot, purgePlot } from './plotly';
import { drawScene, dropScene } from './scenes';
import { readTheme } from './theme';

/** A figure on the page: panels in rows, and below them one legend and one caption. */
export class Drawing {
  private readonly node: HTMLElement;
  private hosts: HTMLElement[] = [];

  constructor(node: HTMLElement) {
    this.node = node;
  }

  /** Draws a valid figure, or changes the one that is drawn. */
  async draw(figure: Figure, width: number): Promise<void> {
    const theme = readTheme(this.node);
    const rows = toPlots(figure, theme, width);
    const plots = rows.flat();
    if (this.hosts.length !== plots.length || !this.node.contains(this.hosts[0] ?? null)) await this.clear();
    const hosts = plots.map((_, i) => this.hosts[i] ?? box('losslab-plot'));
    const panels = hosts.map((host, i) => panelBox(figure.panels[i]?.title, host, plots[i]!));
    const inRows = rows.map((row) => box('losslab-row', ...panels.splice(0, row.length)));
    const legend = legendOf(figure);
    const below = legend.length > 0 ? [drawLegend(legend, theme)] : [];
    this.hosts = hosts;
    this.node.replaceChildren(...inRows, ...below, captionBox(figure));
    await Promise.all(hosts.map((host, i) => drawOne(host, plots[i]!)));
  }

  /** Frees what the plots hold. */
  async clear(): Promise<void> {
    const { hosts } = this;
    this.hosts = [];
    await Promise.all(hosts.map((host) => Promise.all([dropScene(host), purgePlot(host)])));
  }
}

function drawOne(host: HTMLElement, plot: Plot): Promise<void> {
  return 'scene' in plot.layout ? drawScene(host, plot) : drawPlot(host, plot);
}

function panelBox(title: string | undefined, host: HTMLElement, plot: Plot): HTMLElement {
  const { width, height } = plot.layout;
  Object.assign(host.style, { width: `${width}px`, height: `${height}px` });
  const heading = box('losslab-title');
  heading.textContent = title ?? '';
  const panel = title ? box('losslab-panel', heading, host) : box('losslab-panel', host);
  panel.style.width = `${width}px`;
  return panel;
}

/** The caption, and what was clipped: said once for all panels. */
function captionBox({ caption, panels }: Figure): HTMLElement {
  const notes = panels.map((panel) => ('color' in panel ? panel.color.note : undefined));
  const said = [caption, ...new Set(notes)].filter((sentence) => sentence);
  const element = box('losslab-caption');
  element.textContent = said.join(' ');
  return element;
}

function box(className: string, ...children: HTMLElement[]): HTMLElement {
  const element = document.createElement('div');
  element.className = className;
  element.append(...children);
  return element;
}
