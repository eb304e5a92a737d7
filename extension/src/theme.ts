/** The colours and the font a figure takes from the page around it. */
export interface Theme {
  /** Text and lines that must read. */
  ink: string;
  /** Grid lines. */
  faint: string;
  /** Frames of plots. */
  edge: string;
  /** What is behind the figure. */
  paper: string;
  font: string;
}

/** JupyterLab's light theme, for pages that have none. */
export const LIGHT: Theme = {
  ink: 'rgba(0, 0, 0, 0.87)',
  faint: '#eeeeee',
  edge: '#bdbdbd',
  paper: '#ffffff',
  font: 'system-ui, sans-serif',
};

/** Reads the theme of the page from JupyterLab's CSS variables. */
export function readTheme(element: Element): Theme {
  const style = getComputedStyle(element);
  const read = (name: string, otherwise: string) => style.getPropertyValue(name).trim() || otherwise;
  return {
    ink: read('--jp-ui-font-color1', LIGHT.ink),
    faint: read('--jp-border-color2', LIGHT.faint),
    edge: read('--jp-border-color1', LIGHT.edge),
    paper: read('--jp-layout-color0', LIGHT.paper),
    font: read('--jp-ui-font-family', LIGHT.font),
  };
}
