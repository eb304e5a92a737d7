// The one file that imports plotly.js: only the traces we draw, each chunk loaded when it is first needed.

/** What Plotly draws: see plotly.js' reference of traces and layout. */
export interface Plot {
  data: Record<string, unknown>[];
  layout: Record<string, unknown> & { width: number; height: number };
}

interface PlotlyApi {
  register(modules: unknown[]): void;
  react(host: HTMLElement, data: unknown[], layout: object, config: object): Promise<unknown>;
  toImage(host: HTMLElement, options: object): Promise<string>;
  purge(host: HTMLElement): void;
}

const CONFIG = {
  displaylogo: false,
  displayModeBar: 'hover',
  responsive: false,
  modeBarButtonsToRemove: ['select2d', 'lasso2d', 'autoScale2d', 'resetCameraLastSave3d', 'hoverClosest3d'],
};

let flat: Promise<PlotlyApi> | undefined;
let deep: Promise<PlotlyApi> | undefined;

const defaultOf = (module: { default: unknown }): unknown => module.default;

async function loadFlat(): Promise<PlotlyApi> {
  const [core, ...traces] = await Promise.all([
    import('plotly.js/lib/core'),
    import('plotly.js/lib/heatmap'),
    import('plotly.js/lib/contour'),
  ]);
  const plotly = defaultOf(core) as PlotlyApi;
  plotly.register(traces.map(defaultOf));
  return plotly;
}

async function loadDeep(): Promise<PlotlyApi> {
  flat ??= loadFlat();
  const [plotly, ...traces] = await Promise.all([
    flat,
    import('plotly.js/lib/surface'),
    import('plotly.js/lib/scatter3d'),
  ]);
  plotly.register(traces.map(defaultOf));
  return plotly;
}

function load(plot: Plot): Promise<PlotlyApi> {
  if (!('scene' in plot.layout)) {
    flat ??= loadFlat();
    return flat;
  }
  deep ??= loadDeep();
  return deep;
}

/** Draws into an element, or changes what it shows. */
export async function drawPlot(host: HTMLElement, plot: Plot): Promise<void> {
  const plotly = await load(plot);
  await plotly.react(host, plot.data, plot.layout, CONFIG);
}

/** A picture of a drawn plot, at twice the resolution of the page. */
export async function snapshot(host: HTMLElement, { width, height }: Plot['layout']): Promise<string> {
  const plotly = await (deep ?? flat);
  if (!plotly) throw new Error('a plot is drawn before its picture is taken');
  return plotly.toImage(host, { format: 'png', width, height, scale: 2 });
}

/** Frees what Plotly holds for an element: listeners, and the WebGL context of a surface. */
export async function purgePlot(host: HTMLElement): Promise<void> {
  const plotly = await (deep ?? flat);
  plotly?.purge(host);
}
