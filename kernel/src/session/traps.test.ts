import { describe, expect, it } from 'vitest';
import { nodesAtHand, onNode, type Run } from '../../../tests/kernel/onNode';

/** Runs a body in a process with traps: `late` gathers what `onLate` is told, `cell(n, run)` runs in a context. */
function session(node: string, body: string): Run {
  const program = `
    const { installTraps } = kernel('session/traps.js');
    const { installStreams } = kernel('session/streams.js');
    const { inContext, newContext, currentContext } = kernel('session/contexts.js');
    const printed = [];
    installStreams({ print: (stream, text) => printed.push([stream, currentContext()?.number, text]) });
    const late = [];
    const onLate = (context, error) => late.push(error instanceof Error ? [context.number, error.name, error.message] : [context.number, 'value', String(Object(error) === error || error)]);
    const traps = installTraps({ onLate });
    const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    const contexts = [];
    const cell = (n, run) => { contexts[n] = newContext(n, n); return inContext(contexts[n], run); };
    (async () => { ${body} })().then(() => traps.exit(0), (error) => { report(String(error)); traps.exit(9); });`;
  return onNode(program, { node });
}

const byName = ([, a]: string[], [, b]: string[]): number => (String(a) < String(b) ? -1 : 1);

describe.each(nodesAtHand())('on %s', (node) => {
  const run = (body: string): unknown[] => {
    const { reported, stdout, stderr, status } = session(node, body);
    expect([stdout, stderr, status]).toEqual(['', '', 0]);
    return reported;
  };

  it.each([
    ['process.exit(3)', 'process.exit(3)'],
    ['process.exit()', 'process.exit()'],
    ['process.reallyExit(1)', 'process.reallyExit(1)'],
    ['process.abort()', 'process.abort()'],
    ['process.kill(process.pid)', 'process.kill(process.pid, "SIGTERM")'],
    ['process.kill(process.pid, "SIGKILL")', 'process.kill(process.pid, "SIGKILL")'],
    ['process.kill(0, 9)', 'process.kill(process.pid, 9)'],
  ])('%s ends its cell with an error, and the session lives', (call, name) => {
    const body = `let after = false; process.on('exit', () => report('listener'));
      const thrown = cell(1, () => { try { ${call}; after = true; } catch (error) { return error; } });
      report([thrown.name, thrown.message.split(' was called')[0], thrown === contexts[1].ended, after]);`;
    expect(run(body)).toEqual([['ExitError', name, true, false]]);
  });

  it('modules that were imported before have the same ways', () => {
    const { reported, status } = onNode(
      `(async () => { await import('node:process'); await import('node:console');
        const lines = []; kernel('session/streams.js').installStreams({ print: (stream, text) => lines.push(text) });
        const traps = kernel('session/traps.js').installTraps({ onLate() {} });
        const { exit, stdout } = await import('node:process'); const { log } = await import('node:console');
        stdout.write('a'); log('b'); let name; try { exit(3) } catch (error) { name = error.name }
        try { queueMicrotask(5) } catch (error) { report([name, lines, error.name]) } traps.exit(0); })();`,
      { node },
    );
    expect([reported, status]).toEqual([[['ExitError', ['a', 'b\n'], 'TypeError']], 0]);
  });

  it('other processes, questions and signals that are listened to are as ever', () => {
    const body = `const child = require('node:child_process').spawn('sleep', ['20']);
      const ended = new Promise((resolve) => child.on('exit', (code, signal) => resolve(signal)));
      const heard = new Promise((resolve) => process.once('SIGUSR2', resolve));
      cell(1, () => { report(process.kill(process.pid, 0)); process.kill(child.pid); process.kill(process.pid, 'SIGUSR2'); });
      report([await ended, await heard]);`;
    expect(run(body)).toEqual([true, ['SIGTERM', 'SIGUSR2']]);
  });

  it('errors that nobody waits for are told with the cell that caused them', () => {
    const body = `
      const start = (n) => cell(n, () => {
        setTimeout(() => { throw new Error('timer') }, 5); setImmediate(() => { throw new Error('immediate') });
        process.nextTick(() => { throw new Error('tick') }); queueMicrotask(() => { throw new Error('microtask') }); Promise.reject(new TypeError('rejected'));
        (async () => { await sleep(3); throw new Error('async') })();
        require('node:fs').stat('.', () => { throw new Error('callback') });
        setTimeout(() => process.exit(4), 10); setTimeout(() => Promise.reject('text'), 12);
      });
      start(1); start(2); await sleep(400);
      for (const n of [1, 2]) report(late.filter(([number]) => number === n).map(([, name, message]) => [name, message.split(' was')[0]]));`;
    const expected = [
      ['Error', 'async'],
      ['Error', 'callback'],
      ['Error', 'immediate'],
      ['Error', 'microtask'],
      ['ExitError', 'process.exit(4)'],
      ['Error', 'tick'],
      ['Error', 'timer'],
      ['TypeError', 'rejected'],
      ['value', 'text'],
    ].sort(byName);
    const seen = run(body) as string[][][];
    expect(seen.map((each) => each.sort(byName))).toEqual([expected, expected]);
  });

  it('an error that its cell has told is not late, nor one that came of it; each is told once', () => {
    const body = `const error = new Error('of the cell');
      cell(1, () => { Promise.reject(error); Promise.reject(error); Promise.reject(new Error('wrapper', { cause: error })); });
      traps.told(error); await sleep(20); report(late);
      const other = new Error('other'); cell(2, () => { Promise.reject(other); Promise.reject(other); });
      await sleep(20); report(late);`;
    expect(run(body)).toEqual([[], [[2, 'Error', 'other']]]);
  });

  it('listeners that throw, as Emscripten’s do, or that remove all others, end nothing', () => {
    const body = `let heard = 0;
      process.on('uncaughtException', (error) => { heard += 1; throw error; });
      process.on('unhandledRejection', (error) => { heard += 1; throw error; });
      cell(1, () => { setTimeout(() => { throw new Error('one') }, 1); Promise.reject(new Error('two')); });
      await sleep(30); report(heard); process.removeAllListeners();
      cell(2, () => { setTimeout(() => { throw new Error('three') }, 1); Promise.reject(new Error('four')); });
      await sleep(30); report(late.sort((a, b) => a[2] < b[2] ? -1 : 1));`;
    expect(run(body)).toEqual([
      2,
      [
        [2, 'Error', 'four'],
        [1, 'Error', 'one'],
        [2, 'Error', 'three'],
        [1, 'Error', 'two'],
      ],
    ]);
  });

  it('what is thrown may be anything', () => {
    const body = `cell(1, () => { for (const value of [undefined, null, 0, 'x', Object.freeze({}), new Proxy({}, { get() { throw 1 } })])
        Promise.reject(value); setTimeout(() => { throw undefined }, 1); });
      await sleep(30); report(late.map(([number, kind]) => number + kind));`;
    expect(run(body)).toEqual([Array(7).fill('1value')]);
  });

  it('warnings come to the cell, once', () => {
    const body = `cell(1, () => { process.emitWarning('careful'); process.emitWarning('old', { type: 'DeprecationWarning', code: 'D1', detail: 'more' }); });
      cell(1, () => require('node:vm').runInThisContext('import("node:fs")', { importModuleDynamically: require('node:vm').constants.USE_MAIN_CONTEXT_DEFAULT_LOADER }));
      await sleep(30); report(printed);`;
    expect(run(body)).toEqual([
      [
        ['stderr', 1, 'Warning: careful\n'],
        ['stderr', 1, 'DeprecationWarning: [D1] old\nmore\n'],
      ],
    ]);
  });

  it('reading the standard input ends at once', () => {
    const body = `report(require('node:fs').readFileSync(0, 'utf8'));
      report(await new Promise((resolve) => { let text = ''; process.stdin.on('data', (data) => { text += data }).on('end', () => resolve(text)); }));
      const lines = require('node:readline').createInterface({ input: process.stdin }); report(await new Promise((resolve) => lines.on('close', () => resolve('closed'))));
      const chunks = []; for await (const chunk of process.stdin) chunks.push(chunk);
      report([chunks, require('node:child_process').execSync('cat', { stdio: ['inherit', 'pipe', 'pipe'] }).length]);`;
    expect(run(body)).toEqual(['', '', 'closed', [[], 0]]);
  });

  it('an onLate that throws is not told of its own error', () => {
    const body = `let asked = 0; late.push = () => { asked += 1; throw new Error('in onLate') };
      cell(1, () => { Promise.reject(new Error('x')); }); await sleep(30); report(asked);`;
    expect(run(body)).toEqual([1]);
  });

  it('the kernel’s own end has its status, whatever cells listen for', () => {
    const body = `process.exitCode = 5; process.on('exit', () => { report('listener'); for (;;); });
      Object.defineProperty(process, 'exit', { value: process.exit }); traps.exit(0);`;
    expect(run(body)).toEqual([]);
  });
});
