import type { Figure, Panel } from 'losslab/figure';
import type { Box, Inspected, PlotBox, TextBox } from './inspect';

/** How a figure should look, in numbers; each rule returns what offends it. */
export function problems(figure: Figure, seen: Inspected): string[] {
  return [
    ...seen.texts.flatMap((text) => textProblems(text, seen.frame)),
    ...overlaps(seen.texts),
    ...frameProblems(seen),
    ...figure.panels.flatMap((panel, i) => panelProblems(panel, seen.plots[i], `panel ${i}`)),
    ...colorBarProblems(figure, seen),
    ...legendProblems(figure, seen),
  ];
}

const show = ({ text }: TextBox): string => `"${text.slice(0, 30)}"`;

function textProblems(text: TextBox, frame: Box): string[] {
  const found: string[] = [];
  if (text.size < 12) found.push(`${show(text)} is ${text.size} px`);
  if (text.contrast < 4.5) found.push(`${show(text)} has a contrast of ${text.contrast.toFixed(2)}`);
  const { left, top, right, bottom } = text.box;
  if (left < -0.5 || top < -0.5 || right > frame.right + 0.5 || bottom > frame.bottom + 0.5)
    found.push(`${show(text)} leaves the frame: ${[left, top, right, bottom].map(Math.round)}`);
  return found;
}

/** Boxes that touch by less than this share only their line spacing. */
const TOUCH = 1;

function overlaps(texts: TextBox[]): string[] {
  return texts.flatMap((a, i) =>
    texts
      .slice(i + 1)
      .filter((b) => overlap(a.box, b.box) > TOUCH)
      .map((b) => `${show(a)} and ${show(b)} overlap`),
  );
}

function overlap(a: Box, b: Box): number {
  const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return Math.min(across, down);
}

function frameProblems({ modeBarShown, scrolls, caption, plots }: Inspected): string[] {
  const found: string[] = [];
  if (modeBarShown) found.push('the mode bar is shown while idle');
  if (scrolls) found.push('the figure is wider than its frame');
  if (caption === '') found.push('there is no caption');
  if (plots.length === 0) found.push('nothing is drawn');
  return found;
}

function panelProblems(panel: Panel, plot: PlotBox | undefined, name: string): string[] {
  if (!plot) return [`${name} is not drawn`];
  const rules =
    panel.kind === 'contour' ? contourProblems : panel.kind === 'surface' ? surfaceProblems : lineProblems;
  const untitled = [...plot.titles, ...(plot.scene?.titles ?? [])].filter((title) => title === '');
  return [...untitled.map(() => 'an axis has no title'), ...rules(panel as never, plot)].map(
    (problem) => `${name}: ${problem}`,
  );
}

const width = ({ left, right }: Box): number => right - left;
const height = ({ top, bottom }: Box): number => bottom - top;

function contourProblems(panel: Extract<Panel, { kind: 'contour' | 'surface' }>, plot: PlotBox): string[] {
  const found: string[] = [];
  const perUnit = [width(plot.box) / plot.spans[0], height(plot.box) / plot.spans[1]];
  if (Math.abs(perUnit[0]! / perUnit[1]! - 1) > 0.01) found.push(`α and β have scales ${perUnit}`);
  if (Math.abs(width(plot.box) - height(plot.box)) > 1) found.push('the plot is not square');
  if (plot.lineWidths.some((line) => line !== 2 && line !== 5))
    found.push(`paths are ${plot.lineWidths} px wide`);
  const least = Math.min(4, panel.color.labelled.length);
  const crossed = panel.color.labelled.length;
  if (plot.isoLabels < Math.min(least, crossed) || plot.isoLabels > 7)
    found.push(`${plot.isoLabels} isolines have labels`);
  return found;
}

function surfaceProblems(_panel: Panel, { scene }: PlotBox): string[] {
  if (!scene) return ['the surface is not in 3D'];
  const found: string[] = [];
  const [x = 0, y = 0, z = 0] = scene.aspect;
  if (Math.abs(y / x - 1) > 0.01 || Math.abs(z / x - 0.6) > 0.01) found.push(`aspect ${scene.aspect}`);
  if (String(scene.eye) !== '1.4,-1.6,0.9') found.push(`camera ${scene.eye}`);
  if (scene.fontSizes.some((size) => size < 12)) found.push(`texts of ${scene.fontSizes} px`);
  if (!scene.floor) found.push('no contours on the floor');
  return found;
}

function lineProblems(panel: Panel, plot: PlotBox): string[] {
  const found: string[] = [];
  const ratio = width(plot.box) / height(plot.box);
  if (Math.abs(ratio - 16 / 9) > 0.03) found.push(`the plot is ${ratio.toFixed(2)} : 1, not 16 : 9`);
  if (plot.lineWidths.some((line) => line !== 2 && line !== 0))
    found.push(`lines are ${plot.lineWidths} px wide`);
  if ('below' in panel && !plot.below) found.push('the lower box is missing');
  if (plot.below && plot.below.top <= plot.box.bottom) found.push('the lower box is not below');
  return found;
}

/** A titled colour bar as high as its plot: on each panel, or at least one a figure where panels share it. */
function colorBarProblems(figure: Figure, { plots }: Inspected): string[] {
  if (!figure.panels.some((panel) => 'color' in panel)) return [];
  const bars = plots.filter(({ bar }) => bar);
  if (bars.length === 0) return ['there is no colour bar'];
  return bars.flatMap(({ bar, barTitle, box, scene }) => {
    const found = barTitle ? [] : ['a colour bar has no title'];
    const off = Math.abs(height(bar!) - height(box));
    return scene || off <= 2 ? found : [...found, `a colour bar is ${off} px off the height of its plot`];
  });
}

function legendProblems(figure: Figure, { legend, plots }: Inspected): string[] {
  const runs = figure.panels.map((panel) => ('paths' in panel ? panel.paths.length : panel.series.length));
  if (Math.max(...runs) < 2) return [];
  if (!legend) return ['several runs and no legend'];
  return plots.some(({ box }) => overlap(box, legend) > 0) ? ['the legend covers a plot'] : [];
}
