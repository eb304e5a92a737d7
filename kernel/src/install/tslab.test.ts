import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { inRoot } from '../../../scripts/setup/paths.mjs';
import { execute, failures, notebookOf, printed } from '../../../tests/notebooks/execute';
import { installTslab, tslabSpec } from './tslab';

describe('the kernelspec of the stock tslab kernel', () => {
  it('names this Node and this checkout by absolute paths, so that no PATH is needed', () => {
    const { argv } = tslabSpec(inRoot());
    expect(argv[0]).toBe(process.execPath);
    expect(argv).toContain('{connection_file}');
    const program = argv.find((arg) => arg.endsWith(path.join('bin', 'tslab')));
    expect(statSync(program ?? '').isFile()).toBe(true);
    expect(program?.startsWith(inRoot('node_modules'))).toBe(true);
  });

  it('is written below the prefix and left alone while nothing changes', () => {
    const prefix = mkdtempSync(path.join(tmpdir(), 'losslab-prefix-'));
    const file = path.join(prefix, 'share', 'jupyter', 'kernels', 'tslab', 'kernel.json');
    installTslab({ prefix, root: inRoot() });
    const { mtimeMs } = statSync(file);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(tslabSpec(inRoot()));
    installTslab({ prefix, root: inRoot() });
    expect(statSync(file).mtimeMs).toBe(mtimeMs);
    rmSync(prefix, { recursive: true });
  });
});

const TSLAB = { kernel: 'tslab' };

describe('a cell in the tslab kernel', () => {
  it('compiles console.log, imports the library and computes', async () => {
    const done = await execute(
      notebookOf([
        "import { tf } from 'losslab';",
        'const sum: number = tf.tidy(() => tf.tensor1d([1, 2, 4]).sum().dataSync()[0]);\nconsole.log(sum);',
        'console.log(tf.getBackend());',
      ]),
      TSLAB,
    );
    expect(failures(done)).toEqual([]);
    expect(printed(done.notebook.cells[1])).toBe('7\n');
    expect(printed(done.notebook.cells[2])).toBe(`${process.env.LOSSLAB_BACKEND ?? 'tensorflow'}\n`);
  });

  it('with a wrong type is refused before it runs, and the message names the type', async () => {
    const wrong = "console.log('before'); const x: string = tf.tensor1d([1, 2]);";
    const done = await execute(
      notebookOf(["import { tf } from 'losslab';", wrong, "console.log('after');"]),
      TSLAB,
    );
    expect(done.replies.map(({ status }) => status)).toEqual(['ok', 'error']);
    const message = printed(done.notebook.cells[1]);
    expect(message).toContain("Type 'Tensor1D' is not assignable to type 'string'");
    expect(message).not.toContain('before');
  });

  it('that throws ends with the status error, and the cells after it do not run', async () => {
    const done = await execute(
      notebookOf(["throw new Error('on purpose');", "console.log('after');"]),
      TSLAB,
    );
    expect(failures(done)).toEqual([expect.stringContaining('on purpose')]);
    expect(printed(done.notebook.cells[1])).toBe('');
  });
});
