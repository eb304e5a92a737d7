/** The colours and the font a figure takes from the page around it. */
export interface Theme {
  /** Text and lines that must read. */
  ink: string;
  /** Grid lines. */
  faint: string;
  /** What is behind the figure. */
  paper: string;
  font: string;
}

/** JupyterLab's light theme, for pages that have none. */
export const LIGHT: Theme = {
  ink: 'rgba(0, 0, 0, 0.87)',
  faint: '#e0e0e0',
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
    paper: read('--jp-layout-color0', LIGHT.paper),
    font: read('--jp-ui-font-family', LIGHT.font),
  };
}
