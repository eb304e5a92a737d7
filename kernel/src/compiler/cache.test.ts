import { expect, it } from 'vitest';
import { compilerCache } from './cache';

it("the warm start lies beside the kernel's other data", () => {
  expect(compilerCache({ LOSSLAB_KERNEL_DATA: '/data', JUPYTER_DATA_DIR: '/jupyter' })).toBe('/data');
  expect(compilerCache({ JUPYTER_DATA_DIR: '/jupyter' })).toBe('/jupyter/losslab');
});

it.runIf(process.platform === 'linux')("without a word about it, below Jupyter's folder for the user", () => {
  expect(compilerCache({ HOME: '/home/me' })).toBe('/home/me/.local/share/jupyter/losslab');
});

it('LOSSLAB_KERNEL_SNAPSHOT=off keeps none', () => {
  expect(compilerCache({ LOSSLAB_KERNEL_SNAPSHOT: 'off', LOSSLAB_KERNEL_DATA: '/data' })).toBeUndefined();
});
