import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { historyFile } from './place';

describe('the file of the history', () => {
  it('is none when the user does not want one', () => {
    expect(historyFile({ LOSSLAB_KERNEL_HISTORY: 'off', LOSSLAB_KERNEL_DATA: '/d' })).toBeUndefined();
  });

  it('lies where the environment says, and else in the data of Jupyter', () => {
    const environment = { HOME: '/home/ada', JUPYTER_DATA_DIR: '/data/jupyter' };
    expect(historyFile({ ...environment, LOSSLAB_KERNEL_DATA: '/d' })).toBe(path.join('/d', 'history.jsonl'));
    expect(historyFile(environment)).toBe(path.join('/data/jupyter', 'losslab', 'history.jsonl'));
  });

  it.runIf(process.platform === 'linux')('follows the XDG folders on Linux', () => {
    expect(historyFile({ HOME: '/home/ada' })).toBe('/home/ada/.local/share/jupyter/losslab/history.jsonl');
    expect(historyFile({ HOME: '/home/ada', XDG_DATA_HOME: '/x' })).toBe('/x/jupyter/losslab/history.jsonl');
  });
});
