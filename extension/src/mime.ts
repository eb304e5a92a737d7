import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { FIGURE_MIME } from 'losslab/figure';
import { FigureWidget } from './widget';

/** Draws saved figures: no kernel is needed, and as nothing of them runs, untrusted notebooks show them too. */
const extension: IRenderMime.IExtension = {
  id: '@losslab/jupyterlab:mime',
  rendererFactory: {
    safe: true,
    mimeTypes: [FIGURE_MIME],
    createRenderer: (options) => new FigureWidget(options),
  },
  rank: 0,
  dataType: 'json',
};

export default extension;
