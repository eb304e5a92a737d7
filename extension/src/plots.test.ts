import {
  contour,
  decodeNumbers,
  type Figure,
  grid,
  type LineInput,
  line,
  type PlaneInput,
  type PlanePanel,
  surface,
} from 'losslab/figure';
import { describe, expect, it } from 'vitest';
import { countLevels } from './isolines';
import { GAP, toPlots } from './layout';
import { legendOf } from './legend';
import { markedPoints } from './plane';
import type { Plot } from './plotly';
import { LIGHT } from './theme';

const WIDTHS = [300, 480, 800, 1280, 2000];
const axis = Array.from({ length: 21 }, (_, i) => i / 10 - 1);

function plane(steepness: number): PlaneInput {
  return {
    kind: 'slice2d',
    alpha: axis,
    beta: axis,
    values: axis.flatMap((y) => axis.map((x) => 0.01 + steepness * (x * x + 3 * y * y))),
    directions: {
      vectors: [
        [1, 0],
        [0, 1],
      ],
      description: 'its own axes',
      labels: ['α (first axis)', 'β (second axis)'],
    },
    at: [0, 0],
    center: [0, 0],
    loss: { name: 'quadratic', samples: 0, parameters: 2 },
  };
}

const run = {
  trajectory: Array.from({ length: 200 }, (_, step) => ({
    step,
    theta: [0.9 * 0.97 ** step, 0.5 * 0.9 ** step],
  })),
};

const slice: LineInput = {
  kind: 'slice1d',
  alpha: axis,
  values: axis.map((x) => x * x + 0.1),
  metrics: { accuracy: axis.map((x) => 1 - (x * x) / 2) },
  description: 'a line',
  label: 'α (along d)',
  loss: { name: 'quadratic', samples: 0, parameters: 2 },
  marks: [{ alpha: 0, label: 'θ' }],
};

const three = contour({ a: plane(1), b: plane(2), c: plane(0.5) });
const withPath = contour(plane(1), { paths: { SGD: run } });

const rowWidth = (row: Plot[]) => row.reduce((sum, { layout }) => sum + layout.width, (row.length - 1) * GAP);

// biome-ignore lint/suspicious/noExplicitAny: a look into Plotly's untyped JSON
const json = (plot: Plot | undefined): any => plot;
const first = (figure: Figure, width = 800) => json(toPlots(figure, LIGHT, width)[0]![0]);

describe('panels', () => {
  it('fit the width they are given, in as many columns as that holds', () => {
    const columns = WIDTHS.map((width) => {
      const rows = toPlots(three, LIGHT, width);
      for (const row of rows) expect(rowWidth(row)).toBeLessThanOrEqual(width);
      return rows[0]!.length;
    });
    expect(columns).toEqual([1, 1, 2, 3, 3]);
  });

  it('of lines fit too', () => {
    for (const width of WIDTHS)
      for (const row of toPlots(grid([line(slice), line(slice)]), LIGHT, width))
        expect(rowWidth(row)).toBeLessThanOrEqual(width);
  });

  it('that share their colours have one colour bar a row, others each their own', () => {
    const bars = (figure: Figure) =>
      toPlots(figure, LIGHT, 1280)
        .flat()
        .map((plot) => json(plot).data[0].showscale);
    expect(bars(three)).toEqual([false, false, true]);
    const [a, ...rest] = three.panels as PlanePanel[];
    const other: Figure = {
      ...three,
      panels: [{ ...a!, color: { ...a!.color, label: 'another loss' } }, ...rest],
    };
    expect(bars(other)).toEqual([true, true, true]);
  });
});

describe('a contour', () => {
  it('is square and as long in α as in β at every width', () => {
    for (const width of WIDTHS) {
      const { layout } = first(withPath, width);
      const { l, r, t, b } = layout.margin;
      expect(layout.width - l - r).toBe(layout.height - t - b);
    }
  });

  it('has its isolines where the levels are', () => {
    const levels = [1, 2, 5, 10];
    expect(levels.map((level) => countLevels(level, levels))).toEqual([0, 1, 2, 3]);
    expect(countLevels(3.5, levels)).toBe(1.5);
    expect(countLevels(null, levels)).toBeNull();
  });

  it('draws each path 2 px wide over a halo, with at most 30 markers, from a hollow circle to a star', () => {
    const { data } = first(withPath);
    // biome-ignore lint/suspicious/noExplicitAny: as above
    const lines = data.filter((trace: any) => trace.mode === 'lines');
    // biome-ignore lint/suspicious/noExplicitAny: as above
    expect(lines.map((trace: any) => trace.line.width)).toEqual([5, 2]);
    // biome-ignore lint/suspicious/noExplicitAny: as above
    const markers = data.filter((trace: any) => trace.mode === 'markers');
    // biome-ignore lint/suspicious/noExplicitAny: as above
    expect(markers.map((trace: any) => trace.marker.symbol ?? 'circle')).toEqual([
      'circle',
      'circle-open',
      'circle-open',
      'star',
      'cross',
    ]);
    expect(markers[0].x.length).toBeLessThanOrEqual(28);
  });
});

describe('markers of a path', () => {
  it('are at most 28 between the ends, and never close to each other', () => {
    const straight = Array.from({ length: 400 }, (_, i) => ({ x: i, y: 0 }));
    expect(markedPoints(straight, 1).length).toBeLessThanOrEqual(28);
    const places = markedPoints(straight, 50);
    for (const [i, place] of places.entries())
      expect(place - (places[i - 1] ?? 0)).toBeGreaterThanOrEqual(50);
    expect(markedPoints([{ x: 0, y: 0 }], 10)).toEqual([]);
  });
});

describe('a surface', () => {
  it('has the box 1 : 1 : 0.6 and the camera of the house, contours on its floor, and no text below 12 px', () => {
    const { layout, data } = first(surface(plane(1), { paths: { SGD: run } }));
    const { x, y, z } = layout.scene.aspectratio;
    expect([y / x, z / x]).toEqual([1, expect.closeTo(0.6, 9)]);
    expect(layout.scene.camera.eye).toEqual({ x: 1.4, y: -1.6, z: 0.9 });
    expect(data[0].contours.z).toMatchObject({ show: true, project: { z: true } });
    for (const side of [layout.scene.xaxis, layout.scene.yaxis, layout.scene.zaxis]) {
      expect(side.tickfont.size).toBeGreaterThanOrEqual(12);
      expect(side.title.font.size).toBeGreaterThanOrEqual(12);
    }
  });

  it('lifts its paths by 1 % of the range', () => {
    const figure = surface(plane(1), { paths: { SGD: run } });
    const { color, paths } = figure.panels[0] as PlanePanel;
    expect(color.scale).toBe('log');
    const [low, high] = color.range.map(Math.log10) as [number, number];
    const start = Math.min(Math.log10(decodeNumbers(paths[0]!.values)[0]!), high);
    expect(first(figure).data[2].z[0] - start).toBeCloseTo(0.01 * (high - low), 6);
  });
});

describe('a line', () => {
  it('is 16 : 9 at every width, with accuracy in a box of its own below', () => {
    for (const width of WIDTHS) {
      const { layout } = first(line(slice), width);
      const inner = layout.width - layout.margin.l - layout.margin.r;
      const total = layout.height - layout.margin.t - layout.margin.b;
      const main = (layout.yaxis.domain[1] - layout.yaxis.domain[0]) * total;
      expect(Math.abs(inner / main - 16 / 9)).toBeLessThan(0.03);
      expect(layout.yaxis2.domain[1]).toBeLessThan(layout.yaxis.domain[0]);
    }
  });

  it('names its verticals', () => {
    const { layout } = first(line(slice));
    expect(layout.annotations.map(({ text }: { text: string }) => text)).toEqual(['θ']);
    expect(
      layout.shapes
        .filter(({ type }: { type: string }) => type === 'line')
        .map(({ x0 }: { x0: number }) => x0),
    ).toEqual([0]);
  });
});

describe('the legend', () => {
  it('names every run once, and the marks', () => {
    const figure = contour({ a: plane(1), b: plane(2) }, { paths: { SGD: run, SAM: run } });
    expect(legendOf(figure).map(({ name }) => name)).toEqual(['SGD', 'SAM', 'start', 'end', 'θ']);
  });

  it('tells what the axes of a surface mean', () => {
    expect(legendOf(surface(plane(1))).map(({ mark, name }) => [mark, name])).toEqual([
      ['✚', 'θ'],
      ['α', 'first axis'],
      ['β', 'second axis'],
    ]);
  });

  it('says nothing of a lone curve', () => {
    expect(legendOf(line(slice))).toEqual([]);
  });
});
