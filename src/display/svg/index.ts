import { type Figure, isPlane, type Panel, type PlanePanel } from '../../figure';
import { LEFT } from './axes';
import { type Box, element, FONT, rectangle, text, textWidth, wrap } from './elements';
import { legend, legendEntries } from './legend';
import { linePanel, linePanelHeight } from './line';
import { BAR_ROOM, colorBar, planePanel, planePanelHeight, planeSide } from './plane';

const WIDTH = 760;
/** Three panels in a row need more, for numbers of at least 12 px. */
const WIDE = 980;
const MARGIN = 14;
const TITLE = 24;
const LINE = 19;

/** A figure as SVG: legend, panels in rows, caption; white background, text of at least 12 px. */
export function toSvg(figure: Figure): string {
  const columns = Math.min(figure.columns ?? 3, figure.panels.length, 3);
  const width = columns === 3 ? WIDE : WIDTH;
  const keys = legend(legendEntries(figure), MARGIN + 60, MARGIN, width - 2 * MARGIN - 60);
  const rows = panelRows(figure, columns, MARGIN + keys.height, width);
  const caption = captionLines(figure, rows.bottom + 20, width);
  const height = Math.ceil(rows.bottom + caption.height + 20 + MARGIN / 2);
  const paper = rectangle({ x: 0, y: 0, width, height }, { fill: '#fff' });
  const svg = { xmlns: 'http://www.w3.org/2000/svg', width, height, 'font-family': FONT };
  return element('svg', svg, paper + keys.svg + rows.svg + caption.svg);
}

function panelRows(
  figure: Figure,
  columns: number,
  top: number,
  width: number,
): { svg: string; bottom: number } {
  const parts: string[] = [];
  let y = top;
  for (let first = 0; first < figure.panels.length; first += columns) {
    const row = figure.panels.slice(first, first + columns);
    const { svg, height } = panelRow(row, columns, y, width, `c${first}`);
    parts.push(svg);
    y += height;
  }
  return { svg: parts.join(''), bottom: y };
}

/** One row of panels; planes of one colour scale share a colour bar at its end. */
function panelRow(
  row: Panel[],
  columns: number,
  y: number,
  width: number,
  id: string,
): { svg: string; height: number } {
  const shared = sharedColor(row);
  const room = width - 2 * MARGIN - (shared ? BAR_ROOM : 0);
  const titled = row.some(({ title }) => title !== undefined) ? TITLE : 0;
  const cells = row.map((panel, i) => {
    const cell = { x: MARGIN + (i * room) / columns, y: y + titled, width: room / columns, height: 0 };
    return titleOf(panel, cell, shared) + drawPanel(panel, cell, `${id}-${i}`, shared);
  });
  const heights = row.map((panel) => panelHeight(panel, room / columns, shared));
  const bar = shared ? sharedBar(row as PlanePanel[], room / columns, y + titled) : '';
  return { svg: cells.join('') + bar, height: titled + Math.max(...heights) };
}

function sharedColor(row: Panel[]): boolean {
  const colors = row.map((panel) => (isPlane(panel) ? JSON.stringify(panel.color) : 'none'));
  return colors.every((color) => color !== 'none' && color === colors[0]);
}

function sharedBar(row: PlanePanel[], cell: number, y: number): string {
  const x = MARGIN + (row.length - 1) * cell + plotRight(cell) + 20;
  return colorBar(row[0]!, x, y, planeSide(cell));
}

function plotRight(cell: number): number {
  return cell - Math.max(14, cell - LEFT - planeSide(cell));
}

function drawPanel(panel: Panel, cell: Box, id: string, shared: boolean): string {
  if (!isPlane(panel)) return linePanel(panel, cell, id);
  if (shared) return planePanel(panel, cell, id);
  const width = cell.width - BAR_ROOM;
  const bar = colorBar(panel, cell.x + plotRight(width) + 20, cell.y, planeSide(width));
  return planePanel(panel, { ...cell, width }, id) + bar;
}

function panelHeight(panel: Panel, width: number, shared: boolean): number {
  if (!isPlane(panel)) return linePanelHeight(panel, width);
  return planePanelHeight(shared ? width : width - BAR_ROOM);
}

/** Above the middle of the plot, shortened to the room there is. */
function titleOf(panel: Panel, cell: Box, shared: boolean): string {
  if (panel.title === undefined) return '';
  const right = isPlane(panel) ? plotRight(shared ? cell.width : cell.width - BAR_ROOM) : cell.width - 24;
  const middle = cell.x + (LEFT + right) / 2;
  return text([middle, cell.y - 6], shortened(panel.title, cell.width - 20), {
    anchor: 'middle',
    bold: true,
    size: 14,
  });
}

function shortened(title: string, width: number): string {
  if (textWidth(title, 14, true) <= width) return title;
  const [line] = wrap(title, width / 1.1 - 16, 14);
  return `${line} …`;
}

function captionLines(
  { caption, panels }: Figure,
  y: number,
  width: number,
): { svg: string; height: number } {
  const notes = new Set(panels.map((panel) => (isPlane(panel) ? (panel.color.note ?? '') : '')));
  const whole = [caption, ...notes].filter((part) => part !== '').join(' ');
  const lines = wrap(whole, width - 2 * MARGIN - 10);
  return {
    svg: lines.map((line, i) => text([MARGIN + 4, y + i * LINE], line)).join(''),
    height: lines.length * LINE,
  };
}
