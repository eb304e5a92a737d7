import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { Widget } from '@lumino/widgets';
import { FIGURE_MIME } from 'losslab/figure';

const extension: IRenderMime.IExtension = {
  id: '@losslab/jupyterlab:mime',
  rendererFactory: {
    safe: true,
    mimeTypes: [FIGURE_MIME],
    createRenderer: () => Object.assign(new Widget(), { renderModel: async () => {} }),
  },
  rank: 0,
  dataType: 'json',
};

export default extension;
