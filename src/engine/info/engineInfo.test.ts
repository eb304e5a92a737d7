import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { ready, tf } from '../backend';
import { compile } from '../compile';
import { openPool } from '../pool';
import { engineInfo, engineStamp } from '.';

beforeAll(() => ready());

const functionOf = (name: string) => engineInfo().functions.filter((one) => one.name === name);

describe('engineInfo', () => {
  it('tells what computes: backend, versions, threads, what the addon was compiled with', () => {
    const stamp = engineStamp();
    expect(stamp).toMatchObject({ backend: 'tensorflow', tfjs: '4.22.0', callingThread: true, xla: true });
    expect(stamp.tensorflow).toMatch(/^2\.\d+\.\d+$/);
    expect(stamp.threads).toBeGreaterThanOrEqual(1);
    expect(engineInfo()).toMatchObject(stamp);
  });

  it('tells of each compiled function its arguments, precision, mode and size', () => {
    const x = tf.ones([4, 3]);
    const squares = compile((a: tf.Tensor) => a.square().sum(), [x], { name: 'squares' });
    const exact = compile((a: tf.Tensor) => a.mul(2), [x], { precision: 'float64', name: 'exactly' });
    const [single, double] = [...functionOf('squares'), ...functionOf('exactly')];
    expect(single).toMatchObject({
      precision: 'float32',
      graphs: [{ mode: 'calling thread', anyRows: false }],
    });
    expect(single!.graphs[0]!.signature).toContain('4,3');
    expect(single!.graphs[0]!.nodes).toBeGreaterThan(1);
    expect(double).toMatchObject({ precision: 'float64', graphs: [{ mode: 'calling thread' }] });
    squares.dispose();
    exact.dispose();
    x.dispose();
    expect([...functionOf('squares'), ...functionOf('exactly')]).toEqual([]);
  });

  it('counts the graphs that are loaded', () => {
    const x = tf.ones([2]);
    const before = engineInfo().loadedGraphs;
    const twice = compile((a: tf.Tensor) => a.mul(2), [x]);
    twice(x).dispose();
    expect(engineInfo().loadedGraphs).toBe(before + 1);
    twice.dispose();
    expect(engineInfo().loadedGraphs).toBe(before);
    x.dispose();
  });

  it('tells what runs eagerly, and why', () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    const x = tf.ones([2]);
    const reads = compile((a: tf.Tensor) => tf.scalar(a.dataSync()[0]!), [x], { name: 'reads' });
    const [info] = functionOf('reads');
    expect(info!.graphs).toEqual([]);
    expect(info!.eager).toMatch(/\w+/);
    expect(warn).toHaveBeenCalledWith(expect.stringContaining(info!.eager!));
    warn.mockRestore();
    reads.dispose();
    x.dispose();
  });

  it('tells of the pools that are open', async () => {
    const before = engineInfo().pools;
    const pool = openPool({ processes: 3 });
    expect(engineInfo().pools).toEqual([...before, { processes: 3, children: 0 }]);
    await pool.close();
    expect(engineInfo().pools).toEqual(before);
  });

  it('is plain data, and what happens later does not change it', () => {
    const x = tf.ones([5, 2]);
    const info = engineInfo();
    const text = JSON.stringify(info);
    expect(JSON.parse(text)).toEqual(info);
    const later = compile((a: tf.Tensor) => a.square(), [x], { name: 'later' });
    expect(JSON.stringify(info)).toBe(text);
    later.dispose();
    x.dispose();
  });

  it('on another backend says so, and names nothing that is not there', () => {
    const code = `const { engineInfo } = require('${path.resolve(__dirname, '../../../dist/engine')}');
      console.log(JSON.stringify(engineInfo()));`;
    const { stdout } = spawnSync(process.execPath, ['-e', code], {
      env: { ...process.env, LOSSLAB_BACKEND: 'cpu' },
    });
    expect(JSON.parse(String(stdout))).toEqual({
      ...{
        backend: 'cpu',
        tensorflow: null,
        tfjs: '4.22.0',
        threads: null,
        callingThread: false,
        xla: false,
      },
      ...{ functions: [], loadedGraphs: 0, pools: [] },
    });
  });
});
