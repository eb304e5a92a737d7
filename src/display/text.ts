import {
  decodeNumbers,
  type Figure,
  formatNumber,
  isPlane,
  type LinePanel,
  type PlanePanel,
} from '../figure';

/** What a figure says without a picture: kind, caption, ranges, the ends of paths. */
export function toText(figure: Figure): string {
  const head = `losslab ${figure.kind}${figure.panels.length > 1 ? ` of ${figure.panels.length} panels` : ''}`;
  const panels = figure.panels.flatMap((panel) => {
    const lines = isPlane(panel) ? planeLines(panel) : lineLines(panel);
    return panel.title === undefined ? lines : [panel.title, ...lines.map((line) => `  ${line}`)];
  });
  return [head, figure.caption, ...panels].filter((line) => line !== '').join('\n');
}

function planeLines(panel: PlanePanel): string[] {
  const { label, scale } = panel.color;
  return [
    `${panel.x.label}: ${span(panel.x.range)}`,
    `${panel.y.label}: ${span(panel.y.range)}`,
    `${label}: ${span(extent(decodeNumbers(panel.values)))}, ${scale} colours`,
    ...panel.paths.map((path) => {
      const [alpha, beta, values] = [path.alpha, path.beta, path.values].map(decodeNumbers);
      const end = (i: number) =>
        `(${formatNumber(alpha!.at(i)!)}, ${formatNumber(beta!.at(i)!)})${lossAt(values!.at(i)!)}`;
      return `path ${path.name}: from ${end(0)} to ${end(-1)}`;
    }),
  ];
}

function lineLines(panel: LinePanel): string[] {
  const series = [panel, ...(panel.below ? [panel.below] : [])].flatMap(({ y, series: list }) =>
    list.map((one) => `${one.name}: ${y.label} ${span(extent(decodeNumbers(one.y)))}`),
  );
  return [`${panel.x.label}: ${span(panel.x.range)}`, ...series];
}

function lossAt(loss: number): string {
  return Number.isFinite(loss) ? ` at loss ${formatNumber(loss)}` : ' outside the plane';
}

function span([low, high]: [number, number]): string {
  return `${formatNumber(low)} to ${formatNumber(high)}`;
}

function extent(values: Float64Array): [number, number] {
  const finite = values.filter(Number.isFinite);
  return [
    finite.reduce((a, b) => Math.min(a, b), Infinity),
    finite.reduce((a, b) => Math.max(a, b), -Infinity),
  ];
}
