import { afterAll, describe, expect, it } from 'vitest';
import { code, makeHome, notebook, python } from './client';

const home = makeHome();
afterAll(home.remove);

const result = (text: string) => ({
  output_type: 'execute_result',
  execution_count: 1,
  metadata: {},
  data: { 'text/plain': [text] },
});
const stream = (text: string) => ({ output_type: 'stream', name: 'stdout', text: [text] });

const validate = (name: string) =>
  python(home, ['-m', 'pytest', '--nbval', '-p', 'no:cacheprovider', '-q', name]);

describe('nbval', () => {
  it('finds the outputs of a notebook as they were saved', async () => {
    const cells = [
      code('const n = 6 * 7; n', { outputs: [result('42')] }),
      code("for (let i = 0; i < 1000; i++) console.log('line', i);", {
        outputs: [stream(Array.from({ length: 1000 }, (_, i) => `line ${i}\n`).join(''))],
      }),
      code('({ n, name: "λ" })', { outputs: [result("{ n: 42, name: 'λ' }")] }),
      code("throw new Error('on purpose');", {
        tags: ['raises-exception'],
        outputs: [{ output_type: 'error', ename: 'Error', evalue: 'on purpose', traceback: [] }],
      }),
    ];
    const done = await validate(home.write('same.ipynb', notebook(cells)));
    expect(done.stdout).toContain('4 passed');
    expect(done.status).toBe(0);
  });

  it('finds one that differs', async () => {
    const done = await validate(
      home.write('other.ipynb', notebook([code('6 * 7', { outputs: [result('43')] })])),
    );
    expect(done.stdout).toContain('1 failed');
    expect(done.status).toBe(1);
  });
});
