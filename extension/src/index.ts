import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IThemeManager } from '@jupyterlab/apputils';
import { redrawAll } from './redraws';

/** Figures take their colours from the theme: a new one draws them again. */
const plugin: JupyterFrontEndPlugin<void> = {
  id: '@losslab/jupyterlab:plugin',
  description: 'Draws losslab figures again when the theme changes.',
  autoStart: true,
  optional: [IThemeManager],
  activate: (_app: JupyterFrontEnd, themes: IThemeManager | null) => {
    themes?.themeChanged.connect(redrawAll);
  },
};

export default plugin;
