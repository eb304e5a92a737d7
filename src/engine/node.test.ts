import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { addonPath } from './node';

const backend = path.resolve(__dirname, '../../dist/engine/backend');

/** Imports the engine in a program of its own that sees tfjs-node as of this version. */
function importWith(
  version: string,
  env: Record<string, string> = {},
): { status: number | null; said: string } {
  const code = `const file = require.resolve('@tensorflow/tfjs-node/package.json');
    require.cache[file] = { id: file, filename: file, loaded: true, exports: { ...require(file), version: '${version}' } };
    console.log(require('${backend}').tf.getBackend());`;
  const options = { env: { ...process.env, ...env }, cwd: __dirname };
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', code], options);
  return { status, said: `${stdout}${stderr}` };
}

describe('the native backend', () => {
  it('is refused when tfjs-node is of another version: the one wanted and what to do are said', () => {
    const { status, said } = importWith('4.23.0');
    expect(status).not.toBe(0);
    expect(said).toContain('needs @tensorflow/tfjs-node 4.22.0 exactly');
    expect(said).toContain('got 4.23.0; run npm install --save-exact @tensorflow/tfjs-node@4.22.0');
  });

  it('is loaded when it is of the version wanted', () => {
    expect(importWith('4.22.0')).toMatchObject({ status: 0, said: expect.stringContaining('tensorflow') });
  });

  it('does not matter to who asks for another', () => {
    const { status, said } = importWith('4.23.0', { LOSSLAB_BACKEND: 'cpu' });
    expect([status, said.trim().split('\n').at(-1)]).toEqual([0, 'cpu']);
  });

  it('has its addon found once it is loaded, and says when it is not', () => {
    expect(() => addonPath()).toThrow('not loaded: run npm run setup');
    const code = `require('${backend}'); console.log(require('${path.join(path.dirname(backend), 'node')}').addonPath());`;
    expect(String(spawnSync(process.execPath, ['-e', code]).stdout).trim()).toMatch(/tfjs_binding\.node$/);
  });
});
