import type { Locator } from 'playwright-core';

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** A text as it stands on the page, its box measured from the figure's upper left corner. */
export interface TextBox {
  text: string;
  /** In px. */
  size: number;
  /** Red, green, blue (0 to 255) and opacity (0 to 1). */
  color: number[];
  box: Box;
  /** The least contrast with what is behind it (WCAG 2.1). */
  contrast: number;
}

/** What Plotly made of a panel. */
export interface PlotBox {
  /** The inner plot, without axes. */
  box: Box;
  titles: string[];
  /** Data units of the two ranges, for equal scales. */
  spans: [number, number];
  /** Widths of the lines drawn, in px. */
  lineWidths: number[];
  bar?: Box;
  barTitle?: string;
  isoLabels: number;
  scene?: { aspect: number[]; eye: number[]; fontSizes: number[]; floor: boolean; titles: string[] };
  below?: Box;
}

export interface Inspected {
  kind: string;
  /** The figure's size; boxes are relative to it. */
  frame: Box;
  texts: TextBox[];
  plots: PlotBox[];
  legend?: Box;
  caption: string;
  modeBarShown: boolean;
  /** Whether something sticks out to the side and would need a scroll bar. */
  scrolls: boolean;
}

/** Reads every text and plot of a figure from the page; what is behind a text from a screenshot without texts. */
export async function inspect(figure: Locator): Promise<Inspected> {
  const read = await figure.evaluate(readFigure);
  await figure.evaluate((node) => node.classList.add('without-text'));
  const hide = await figure.page().addStyleTag({
    content:
      '.without-text text { opacity: 0 !important } .without-text :is(div, span, li) { color: transparent !important }',
  });
  const picture = await figure.screenshot({ animations: 'disabled' });
  await hide.evaluate((style) => (style as Element).remove());
  await figure.evaluate((node) => node.classList.remove('without-text'));
  const contrasts = await figure.evaluate(readContrasts, {
    png: picture.toString('base64'),
    texts: read.texts,
  });
  return { ...read, texts: read.texts.map((text, i) => ({ ...text, contrast: contrasts[i]! })) };
}

// The two functions below run inside the page: they can use nothing from outside themselves.

function readFigure(node: SVGElement | HTMLElement): Inspected {
  const origin = node.getBoundingClientRect();
  const boxOf = (rect: DOMRect) => ({
    left: rect.left - origin.left,
    top: rect.top - origin.top,
    right: rect.right - origin.left,
    bottom: rect.bottom - origin.top,
  });
  const rgba = (css: string) => {
    const [r = 0, g = 0, b = 0, a = 1] = (css.match(/[\d.]+/g) ?? []).map(Number);
    return [r, g, b, a];
  };
  const shown = (element: Element) =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true });

  const svgTexts = [...node.querySelectorAll('svg text')]
    .filter((text) => text.textContent?.trim() && shown(text))
    .map((text) => {
      const style = getComputedStyle(text);
      return {
        text: text.textContent ?? '',
        size: Number.parseFloat(style.fontSize),
        color: rgba(style.fill),
        box: boxOf(text.getBoundingClientRect()),
        contrast: 0,
      };
    });
  const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  const htmlTexts = [];
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const parent = text.parentElement;
    if (!parent || parent.closest('svg, style') || !text.textContent?.trim() || !shown(parent)) continue;
    const style = getComputedStyle(parent);
    const range = document.createRange();
    range.selectNodeContents(text);
    for (const rect of range.getClientRects())
      htmlTexts.push({
        text: text.textContent,
        size: Number.parseFloat(style.fontSize),
        color: rgba(style.color),
        box: boxOf(rect),
        contrast: 0,
      });
  }

  const boxIn = (host: Element, selector: string) => {
    const found = host.querySelector(selector);
    return found ? { box: boxOf(found.getBoundingClientRect()) } : undefined;
  };
  // biome-ignore lint/suspicious/noExplicitAny: Plotly's full layout has no public type
  const plotOf = (host: any): PlotBox => {
    const { _fullLayout: layout, _fullData: data } = host;
    const at = host.getBoundingClientRect();
    const inner = (x: { _offset: number; _length: number }, y: { _offset: number; _length: number }) => ({
      left: at.left - origin.left + x._offset,
      top: at.top - origin.top + y._offset,
      right: at.left - origin.left + x._offset + x._length,
      bottom: at.top - origin.top + y._offset + y._length,
    });
    const bar = boxIn(host, '.colorbar .cbfills') ?? boxIn(host, '.colorbar .cbbg');
    const barTitle = host.querySelector('.colorbar .cbtitle')?.textContent;
    const titleOf = (axis: { title: { text?: string } }) => axis.title.text ?? '';
    const common = {
      lineWidths: data
        .filter(
          (trace: { type: string; mode?: string }) =>
            trace.type === 'scatter' && /lines/.test(trace.mode ?? ''),
        )
        .map((trace: { line: { width: number } }) => trace.line.width),
      isoLabels: (layout.annotations ?? []).filter(
        (one: { bgcolor: string }) => !/,\s*0\)$/.test(one.bgcolor),
      ).length,
      ...(bar ? { bar: bar.box } : {}),
      ...(barTitle ? { barTitle } : {}),
    };
    if (layout.scene) {
      const { aspectratio, camera, xaxis, yaxis, zaxis } = layout.scene;
      const axes = [xaxis, yaxis, zaxis];
      const sheet = data.find((trace: { type: string }) => trace.type === 'surface');
      const scene = {
        aspect: [aspectratio.x, aspectratio.y, aspectratio.z],
        eye: [camera.eye.x, camera.eye.y, camera.eye.z],
        fontSizes: axes.flatMap((axis) => [axis.tickfont.size, axis.title.font.size]),
        floor: Boolean(sheet.contours.z.show && sheet.contours.z.project.z),
        titles: axes.map(titleOf),
      };
      return { ...common, box: boxOf(at), titles: [], spans: [1, 1], scene };
    }
    const { xaxis, yaxis, yaxis2 } = layout;
    const span = ({ range }: { range: number[] }) => (range[1] ?? 0) - (range[0] ?? 0);
    return {
      ...common,
      box: inner(xaxis, yaxis),
      titles: [xaxis, yaxis, ...(yaxis2 ? [yaxis2] : [])].map(titleOf),
      spans: [span(xaxis), span(yaxis)],
      ...(yaxis2 ? { below: inner(xaxis, yaxis2) } : {}),
    };
  };

  const legend = boxIn(node, '.losslab-legend');
  return {
    kind: (node as HTMLElement).dataset.losslabRendered ?? '',
    frame: { left: 0, top: 0, right: origin.width, bottom: origin.height },
    texts: [...svgTexts, ...htmlTexts],
    plots: [...node.querySelectorAll('.js-plotly-plot')].map(plotOf),
    ...(legend ? { legend: legend.box } : {}),
    caption: node.querySelector('.losslab-caption')?.textContent ?? '',
    modeBarShown: [...node.querySelectorAll('.modebar-group')].some(shown),
    scrolls: node.scrollWidth > node.clientWidth,
  };
}

async function readContrasts(
  _node: SVGElement | HTMLElement,
  { png, texts }: { png: string; texts: TextBox[] },
): Promise<number[]> {
  const bytes = Uint8Array.from(atob(png), (character) => character.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
  if (!context) return texts.map(() => 0);
  context.drawImage(bitmap, 0, 0);
  const luminance = (rgb: number[]) => {
    const [r = 0, g = 0, b = 0] = rgb.map((c) => (c <= 10 ? c / 3294.6 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a: number, b: number) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  return texts.map(({ color: [r = 0, g = 0, b = 0, opacity = 1], box }) => {
    const [left, top] = [Math.max(0, Math.ceil(box.left)), Math.max(0, Math.ceil(box.top))];
    const width = Math.max(1, Math.floor(box.right) - left);
    const height = Math.max(1, Math.floor(box.bottom) - top);
    const { data } = context.getImageData(left, top, width, height);
    const found: number[] = [];
    for (let i = 0; i < data.length; i += 4) {
      const behind = [data[i] ?? 0, data[i + 1] ?? 0, data[i + 2] ?? 0];
      const ink = [r, g, b].map((c, k) => c * opacity + (behind[k] ?? 0) * (1 - opacity));
      found.push(contrast(luminance(ink), luminance(behind)));
    }
    return Math.min(...found);
  });
}
