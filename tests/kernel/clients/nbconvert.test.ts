import { stripVTControlCharacters } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { code, makeHome, notebook, python } from './client';

const home = makeHome();
afterAll(home.remove);

const THROWS = [code('1 + 1'), code("throw new RangeError('on purpose');"), code("console.log('after');")];

const convert = (name: string, ...args: string[]) =>
  python(home, [
    '-m',
    'nbconvert',
    '--to',
    'notebook',
    '--execute',
    '--output',
    `done-${name}`,
    ...args,
    name,
  ]);

describe('nbconvert --execute', () => {
  it('stores results, counts and streams', async () => {
    const name = home.write('good.ipynb', notebook([code('1 + 1'), code("console.log('λ');")]));
    expect((await convert(name)).status).toBe(0);
    const [first, second] = home.read(`done-${name}`).cells;
    expect(first).toMatchObject({
      execution_count: 1,
      outputs: [{ output_type: 'execute_result', data: { 'text/plain': ['2'] } }],
    });
    expect(second?.outputs).toMatchObject([{ output_type: 'stream', name: 'stdout' }]);
  });

  it('of a cell that throws ends with a status and names the error', async () => {
    const done = await convert(home.write('throws.ipynb', notebook(THROWS)));
    expect(done.status).not.toBe(0);
    expect(stripVTControlCharacters(done.stderr)).toContain('RangeError: on purpose');
    expect(done.stderr).toContain('CellExecutionError');
  });

  it('with --allow-errors goes on, and the error is an output with its name and place', async () => {
    const name = home.write('allowed.ipynb', notebook(THROWS));
    expect((await convert(name, '--allow-errors')).status).toBe(0);
    const [, thrown, after] = home.read(`done-${name}`).cells;
    expect(thrown?.outputs).toMatchObject([
      { output_type: 'error', ename: 'RangeError', evalue: 'on purpose' },
    ]);
    const { traceback = [] } = (thrown?.outputs?.[0] ?? {}) as { traceback?: string[] };
    expect(stripVTControlCharacters(traceback.join('\n'))).toContain('throw new RangeError');
    expect(after?.outputs).toMatchObject([{ text: ['after\n'] }]);
  });

  it('goes on after a cell tagged raises-exception', async () => {
    const [first, throws, after] = THROWS;
    const tagged = code(String(throws?.source), { tags: ['raises-exception'] });
    const name = home.write('tagged.ipynb', notebook([first!, tagged, after!]));
    expect((await convert(name)).status).toBe(0);
    expect(home.read(`done-${name}`).cells[2]?.outputs).toMatchObject([{ text: ['after\n'] }]);
  });

  it('of a cell that does not type-check says why', async () => {
    const done = await convert(home.write('types.ipynb', notebook([code("const n: number = 'text';")])));
    expect(done.status).not.toBe(0);
    expect(done.stderr).toContain("Type 'string' is not assignable to type 'number'");
  });

  it('of a cell that asks for input ends it with an error, not with a wait', async () => {
    const done = await convert(home.write('asks.ipynb', notebook([code("prompt('name?')")])));
    expect(done.status).not.toBe(0);
    expect(done.stderr).toContain('CellExecutionError');
  });
});

it('nbconvert writes the code of a notebook as a TypeScript file', async () => {
  const name = home.write('script.ipynb', notebook([code('const a: number = 1;'), code('a + 1')]));
  const done = await python(home, ['-m', 'nbconvert', '--to', 'script', '--stdout', name]);
  expect(done.stdout).toContain('const a: number = 1;');
});
