import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

const plugin: JupyterFrontEndPlugin<void> = {
  id: '@losslab/jupyterlab:plugin',
  autoStart: true,
  activate: () => {},
};

export default plugin;
