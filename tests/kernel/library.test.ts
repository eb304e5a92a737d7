import { expect, it } from 'vitest';
import { execute, failures, notebookOf, printed } from '../notebooks/execute';

it('a cell finds TensorFlow’s library through the link to its addon, with a pipe as descriptor 0', async () => {
  const cells = [
    "import { tf } from 'losslab';",
    'console.log(tf.getBackend(), tf.scalar(3).square().dataSync()[0])',
  ];
  const done = await execute(notebookOf(cells));
  expect(failures(done)).toEqual([]);
  expect(printed(done.notebook.cells[1])).toBe(`${process.env.LOSSLAB_BACKEND ?? 'tensorflow'} 9\n`);
});

it('a mistake inside of the library names the line of the cell that made it', async () => {
  const cells = [
    "import { tf } from 'losslab';",
    'const a = 1;\ntf.tensor1d([1, 2]).add(tf.tensor1d([1, 2, 3]))',
  ];
  const done = await execute(notebookOf(cells));
  const [error] = (done.notebook.cells[1]?.outputs ?? []) as unknown as { traceback?: string[] }[];
  const last = error?.traceback?.at(-1) ?? '';
  expect(last).toMatch(/cell \[2\], line 2, column \d+/);
  expect(error?.traceback?.length).toBeLessThan(12);
});
