import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ended, makeHome, python } from './client';

/** All that jupyter_kernel_test 0.7 has. */
const TESTS = [
  ...['clear_output', 'completion', 'display_data', 'error', 'execute_result', 'execute_stderr'],
  ...['execute_stdout', 'history', 'inspect', 'is_complete', 'kernel_info', 'pager'],
];

describe('jupyter_kernel_test', () => {
  const home = makeHome();
  let done: Ended;
  beforeAll(async () => {
    done = await python(home, [path.join(__dirname, 'conformance.py'), '-v']);
  });
  afterAll(home.remove);

  it.each(TESTS)('%s', (name) => {
    expect(done.stderr).toMatch(new RegExp(`^test_${name} .*\\.\\.\\. ok$`, 'm'));
  });

  it('has no other test, and skips none', () => {
    expect(done.stderr).toMatch(new RegExp(`^Ran ${TESTS.length} tests`, 'm'));
    expect(done.stderr.trimEnd().split('\n').at(-1)).toBe('OK');
    expect(done.status).toBe(0);
  });
});
