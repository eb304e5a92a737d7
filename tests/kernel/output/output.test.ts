import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KernelClient, startKernel } from '../wire/client';
import { messagesOf, run, text, types } from './run';

const MEGABYTE = 2 ** 20;

describe('the output of cells', () => {
  let kernel: KernelClient;
  beforeAll(async () => {
    kernel = await startKernel();
  });
  afterAll(async () => {
    await kernel.shutDown();
  });

  it('is shown as it is written while a loop computes', async () => {
    const { arrived } = await run(
      kernel,
      `for (let line = 0; line < 15; line++) {
        console.log(Date.now());
        for (const end = Date.now() + 100; Date.now() < end; );
      }`,
    );
    const late = arrived
      .filter(({ message }) => message.header.msg_type === 'stream')
      .flatMap(({ message, at }) => written(message.content.text).map((time) => at - time));
    expect(late).toHaveLength(15);
    expect(Math.max(...late)).toBeLessThan(500);
  });

  it('comes in few messages', async () => {
    const ran = await run(kernel, 'for (let n = 0; n < 10_000; n++) console.log(n);');
    expect(text(messagesOf(ran))).toBe(Array.from({ length: 10_000 }, (_, n) => `${n}\n`).join(''));
    expect(types(ran).length).toBeLessThan(50);
  });

  it('is in the order of the calls, whatever shows it', async () => {
    const ran = await run(
      kernel,
      `console.log('a'); display('b'); console.error('c'); console.log('d');
      display('e'); process.stdout.write('f'); 'g'`,
    );
    expect(types(ran)).toEqual([
      ...['stream', 'display_data', 'stream', 'stream', 'display_data', 'stream', 'execute_result'],
    ]);
    expect(messagesOf(ran).at(-1)?.content.execution_state).toBe('idle');
    expect(text(messagesOf(ran))).toBe('a\nd\nf');
  });

  it('keeps its place among displays and cleared outputs, however often they take turns', async () => {
    for (let round = 0; round < 20; round++) {
      const ran = await run(
        kernel,
        `for (let n = 0; n < 100; n++) { console.log('before ' + n); display(n); if (n % 7 === 0) clearOutput(); }`,
      );
      const shown = messagesOf(ran).flatMap(({ header, content }) => {
        if (header.msg_type === 'stream') return String(content.text).trim().split('\n');
        if (header.msg_type === 'clear_output') return ['clear'];
        return header.msg_type === 'display_data' ? ['shown'] : [];
      });
      const each = (n: number): string[] => [`before ${n}`, 'shown', ...(n % 7 === 0 ? ['clear'] : [])];
      expect(shown).toEqual(Array.from({ length: 100 }, (_, n) => each(n)).flat());
    }
  });

  it('stands before the error that ends the cell', async () => {
    const ran = await run(kernel, "console.log('before'); throw new Error('on purpose');");
    expect(types(ran)).toEqual(['stream', 'error']);
    expect(ran.reply.content.status).toBe('error');
  });

  it('has what is written to descriptors 1 and 2 by native code and by child processes', async () => {
    const ran = await run(
      kernel,
      `import { execSync } from 'node:child_process';
      import { writeSync } from 'node:fs';
      console.log('first');
      writeSync(1, 'native\\n');
      writeSync(2, 'native complaint\\n');
      execSync('echo child; echo child complaint >&2', { stdio: 'inherit' });
      console.log('last');`,
    );
    expect(ran.reply.content.status).toBe('ok');
    expect(text(messagesOf(ran)).trim().split('\n').sort()).toEqual(['child', 'first', 'last', 'native']);
    expect(text(messagesOf(ran), 'stderr')).toBe('native complaint\nchild complaint\n');
  });

  it('has what a child process writes while the cell computes', async () => {
    const { arrived } = await run(
      kernel,
      `import { spawn } from 'node:child_process';
      spawn('sh', ['-c', 'sleep 0.2; echo child'], { stdio: 'inherit' });
      for (const end = Date.now() + 1500; Date.now() < end; );
      console.log(Date.now());`,
    );
    const at = (part: string): number =>
      arrived.find(({ message }) => String(message.content.text).includes(part))?.at ?? Number.NaN;
    const ended = written(text(arrived.map(({ message }) => message)).replace('child\n', '')).at(-1) ?? 0;
    expect(at('child')).toBeLessThan(ended - 500);
  });

  it('belongs to the cell that caused it, also when others have run since', async () => {
    const first = await run(kernel, "setTimeout(() => { console.log('late'); display('later'); }, 300);");
    const second = await run(kernel, "console.log('second')");
    const late = () => kernel.published.filter(({ parentHeader }) => parentHeader.msg_id === first.id);
    await kernel.until(() => late().some(({ header }) => header.msg_type === 'display_data'));
    expect(text(late())).toBe('late\n');
    expect(text(messagesOf(second))).toBe('second\n');
  });

  it('is a million lines, in order and none lost, with the cap raised', async () => {
    await run(kernel, 'jupyter.outputLimit = 1000;');
    const ran = await run(
      kernel,
      "for (let n = 0; n < 1_000_000; n++) console.log(n, 'is the number of this line, which is a long one: x');",
    );
    await run(kernel, 'jupyter.outputLimit = 50;');
    const lines = text(messagesOf(ran)).split('\n');
    expect(lines.length).toBe(1_000_001);
    const wrong = lines.slice(0, -1).findIndex((line, n) => Number.parseInt(line, 10) !== n);
    expect(wrong).toBe(-1);
    expect(new Set(lines.map((line) => line.replace(/^\d+/, '')))).toHaveProperty('size', 2);
  });

  it('of one cell ends at 50 MB, with a note how to raise the cap', async () => {
    const ran = await run(kernel, "for (let n = 0; n < 600_000; n++) console.log('x'.repeat(99));");
    const printed = text(messagesOf(ran));
    expect(ran.reply.content.status).toBe('ok');
    expect(printed.length).toBeLessThanOrEqual(50 * MEGABYTE);
    expect(printed.length).toBeGreaterThan(49 * MEGABYTE);
    expect(text(messagesOf(ran), 'stderr')).toMatch(/more than 50 MB.*jupyter\.outputLimit = /);
    expect(text(messagesOf(await run(kernel, "console.log('the next one')")))).toBe('the next one\n');
  });

  it('of one cell ends also when displays are too many', async () => {
    const ran = await run(
      kernel,
      "for (let n = 0; n < 60; n++) display({ 'text/plain': 'x'.repeat(2 ** 20) }, { raw: true });",
    );
    const shown = types(ran).filter((type) => type === 'display_data').length;
    expect([49, 50]).toContain(shown);
    expect(text(messagesOf(ran), 'stderr').match(/jupyter\.outputLimit/g)).toHaveLength(1);
  });

  it('counts with all that a message takes, so that small displays end as well', async () => {
    await run(kernel, 'jupyter.outputLimit = 1;');
    const ran = await run(kernel, 'for (let n = 0; n < 5000; n++) display(n);');
    await run(kernel, 'jupyter.outputLimit = 50;');
    const shown = types(ran).filter((type) => type === 'display_data').length;
    expect(shown).toBeGreaterThan(1000);
    expect(shown).toBeLessThan(2000);
  });
});

/** The times in what was printed. */
function written(printed: unknown): number[] {
  return String(printed).trim().split('\n').map(Number);
}
