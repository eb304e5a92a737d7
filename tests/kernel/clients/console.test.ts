import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeHome, python } from './client';

/** What is typed, and what must stand on the terminal afterwards; what is typed stands there too. */
const STEPS = [
  { send: '6 * 7\r', expect: 'Out\\[.*\\].*42' },
  // The first line is incomplete: Enter goes on to the next one, until the bracket is closed.
  { send: 'for (const n of [1, 2]) {\rconsole.log("n =", n);\r}\r', expect: 'n = 1\\s+n = 2' },
  { send: 'const x: number = "text";\r', expect: "not assignable to type 'number'" },
  { send: 'throw new RangeError("on " + "purpose")\r', expect: 'RangeError.*on purpose' },
  { send: 'prompt("na" + "me? ")\r', expect: 'name\\? ' },
  { send: 'Ada\r', expect: "Out\\[.*\\].*'Ada'" },
  { send: 'console.log("be" + "gun"); await new Promise(() => {})\r', expect: 'begun' },
  { send: '\x03', expect: 'KeyboardInterrupt' },
  { send: 'display("b" + "old")\r', expect: 'bold' },
  { send: '\x04', expect: 'really want to exit' },
  { send: 'y\r', expect: 'Shutting down' },
];

describe.runIf(process.platform !== 'win32')('jupyter console', () => {
  const home = makeHome();
  let done: { screens: string[]; status: number };
  beforeAll(async () => {
    const env = { ...home.env, TERM: 'xterm', PROMPT_TOOLKIT_NO_CPR: '1' };
    const steps = JSON.stringify(STEPS);
    const { stdout, stderr } = await python({ ...home, env }, [path.join(__dirname, 'console.py')], steps);
    if (stdout === '') throw new Error(stderr);
    done = JSON.parse(stdout);
  });
  afterAll(home.remove);

  it('computes, goes on over lines, type-checks, shows errors, asks, is interrupted', () => {
    expect(done.screens).toHaveLength(STEPS.length);
  });

  it('numbers its cells', () => {
    expect(done.screens[0]).toMatch(/Out\[1\]:\s*42/);
  });

  it('ends with the kernel', () => {
    expect(done.status).toBe(0);
  });
});
