import { describe, expect, it } from 'vitest';
import { nodesAtHand, onNode } from '../../../tests/kernel/onNode';

/** Runs a body whose output is gathered: `printed()` gives [stream, context, text] and begins anew. */
function cell(node: string, body: string): unknown[] {
  const program = `
    const { installStreams } = kernel('session/streams.js');
    const { inContext, newContext, currentContext } = kernel('session/contexts.js');
    let lines = [];
    const print = (stream, text) => lines.push([stream, currentContext()?.number, text]);
    const streams = installStreams({ print, publish: (message) => lines.push(message) });
    const printed = () => lines.splice(0);
    const texts = () => printed().map(([, , text]) => text).join('');
    const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    inContext(newContext(1, 1), async () => { ${body} });`;
  const { reported, stderr, stdout } = onNode(program, { node });
  expect([stdout, stderr]).toEqual(['', '']);
  return reported;
}

describe.each(nodesAtHand())('on %s', (node) => {
  const run = (body: string): unknown[] => cell(node, body);

  it('console prints to the stream that its method belongs to', () => {
    const body = `for (const name of ['log', 'info', 'debug', 'warn', 'error', 'trace']) console[name](name);
      console.assert(false, 'no'); console.count(); console.dirxml(1);
      report(printed().map(([stream, context, text]) => [stream, context, text.split('\\n')[0]]));`;
    expect(run(body)).toEqual([
      [
        ['stdout', 1, 'log'],
        ['stdout', 1, 'info'],
        ['stdout', 1, 'debug'],
        ['stderr', 1, 'warn'],
        ['stderr', 1, 'error'],
        ['stderr', 1, 'Trace: trace'],
        ['stderr', 1, 'Assertion failed: no'],
        ['stdout', 1, 'default: 1'],
        ['stdout', 1, '1'],
      ],
    ]);
  });

  it('console formats as Node does, without colours', () => {
    const values = `[['a %s b', 1], ['100%'], ['100%', 5], [-0], [5n, undefined, null], [Symbol('s')], [],
      [{ a: [1, { b: { c: {} } }] }], [new Map([[1, 'x']])], [NaN, true], ['%o', [1]], ['%c red', 'color: red'], ['x', 'y\\nz']]`;
    const body = `const { format } = require('node:util');
      for (const given of ${values}) { console.log(...given); const text = texts(); report(text === format(...given) + '\\n' || text); }`;
    const seen = run(body);
    expect(seen).toHaveLength(13);
    expect(seen.filter((same) => same !== true)).toEqual([]);
  });

  it('what fs writes to the descriptors stands where it was written', () => {
    const body = `const fs = require('node:fs');
      console.log('a'); report(fs.writeSync(1, 'b\\u00e9\\n')); console.log('c');
      report(fs.writeSync(2, Buffer.from('xdy'), 1, 1)); fs.writeSync(1, '650a', null, 'hex');
      report(fs.writeSync(1, Buffer.from('f\\n'), { offset: 0 })); fs.appendFileSync(1, 'g\\n'); fs.writeFileSync(1, '680a', 'hex');
      await new Promise((done) => fs.write(1, 'i\\n', (...told) => { report(told); done(); })); console.log('j');
      report(printed());`;
    const out = ['a\n', 'b\u00e9\n', 'c\n', 'd', 'e\n', 'f\n', 'g\n', 'h\n', 'i\n', 'j\n'];
    const lines = out.map((text) => [text === 'd' ? 'stderr' : 'stdout', 1, text]);
    expect(run(body)).toEqual([4, 1, 2, [null, 2, 'i\n'], lines]);
  });

  it('what promisify makes of fs.write, and its name, are as without', () => {
    const body = `const fs = require('node:fs'); const { promisify } = require('node:util');
      const { bytesWritten, buffer } = await promisify(fs.write)(1, Buffer.from('ab'));
      report([bytesWritten, String(buffer), fs.write.name, fs.writeSync.name]); report(texts());`;
    expect(run(body)).toEqual([[2, 'ab', 'write', 'writeSync'], 'ab']);
  });

  it('what fs writes elsewhere, or can not write, is as without', () => {
    const body = `const fs = require('node:fs'); const file = require('node:path').join(require('node:os').tmpdir(), 'losslab-' + process.pid);
      const descriptor = fs.openSync(file, 'w'); report(fs.writeSync(descriptor, 'kept')); fs.closeSync(descriptor);
      report(fs.readFileSync(file, 'utf8')); fs.rmSync(file);
      for (const given of [[1], [1, {}], [1, Buffer.from('x'), 0, 9], [1, Buffer.from('x'), 0.5, 1]])
        try { fs.writeSync(...given); report('written'); } catch (error) { report(error.code); }
      report(printed());`;
    expect(run(body).slice(0, 2)).toEqual([4, 'kept']);
    expect(run(body).slice(2)).toEqual([
      'ERR_INVALID_ARG_TYPE',
      'ERR_INVALID_ARG_TYPE',
      'ERR_OUT_OF_RANGE',
      'ERR_OUT_OF_RANGE',
      [],
    ]);
  });

  it('groups indent, tables too, and not the next cell', () => {
    const body = `console.group('title'); console.log('a\\nb'); console.table([{ k: 1 }]); console.group();
      console.error('c'); console.groupEnd(); console.groupEnd(); console.groupEnd(); console.log('d');
      report(texts().split('\\n')); console.group(); streams.newCell(); console.log('e'); report(texts());`;
    const [lines, next] = run(body) as [string[], string];
    expect(lines.slice(0, 3)).toEqual(['title', '  a', '  b']);
    expect(lines[3]).toMatch(/^ {2}┌/);
    expect(lines.slice(-3)).toEqual(['    c', 'd', '']);
    expect(next).toBe('e\n');
  });

  it("clear has the next line take the place of the cell's output", () => {
    const body = "console.log('a'); console.clear(); console.log('b'); report(printed());";
    expect(run(body)).toEqual([[['stdout', 1, 'a\n'], { kind: 'clear', wait: true }, ['stdout', 1, 'b\n']]]);
  });

  it('time and timeEnd do what they can', () => {
    const body = `console.time('t'); console.timeLog('t', 'more'); console.timeEnd('t'); report(texts());`;
    expect(run(body)[0]).toMatch(/^t: [\d.]+ms more\nt: [\d.]+ms\n$/);
  });

  it('nothing is lost or astray when cells print from timers, ticks, promises and children', () => {
    const body = `
      const inCell = (n) => inContext(newContext(n, n), () => {
        setTimeout(() => console.log('timer'), 20); process.nextTick(() => console.log('tick'));
        Promise.resolve().then(() => console.log('promise')); setImmediate(() => process.stdout.write('immediate'));
        queueMicrotask(() => console.log('microtask'));
        require('node:child_process').spawn('echo', ['child']).stdout.pipe(process.stdout);
        return (async () => { for (let i = 0; i < 3; i++) { await sleep(1); console.log(i); } })();
      });
      await Promise.all([inCell(7), inCell(8)]); await sleep(300);
      const seen = printed();
      report([7, 8].map((n) => seen.filter(([, context]) => context === n).map(([, , text]) => text.trim()).sort().join(' ')));`;
    const all = '0 1 2 child immediate microtask promise tick timer';
    expect(run(body)).toEqual([[all, all]]);
  });

  it('the streams take strings in any encoding and characters cut in two', () => {
    const body = `const { stdout } = process;
      const euro = Buffer.from('€😀'); for (const byte of euro) stdout.write(Uint8Array.of(byte)); report(texts());
      stdout.write('c3a4', 'hex'); stdout.write('w6Q=', 'base64'); stdout.write('x', 'utf8'); stdout.write(new DataView(new ArrayBuffer(0))); report(texts());
      stdout.write(Buffer.from([0xe2])); stdout.write('after'); report(texts());
      stdout.write('calls back', () => report('back')); stdout.write('and', 'utf8', () => report('again'));
      for (const bad of [5, null, {}]) { try { stdout.write(bad) } catch (error) { report(error.name) } }`;
    expect(run(body)).toEqual([
      '€😀',
      'ääx',
      '\ufffdafter',
      'TypeError',
      'TypeError',
      'TypeError',
      'back',
      'again',
    ]);
  });

  it('the streams say that they are no terminal', () => {
    const body = `const { isTTY, columns, fd, writable, _handle } = process.stdout;
      report([isTTY, columns, fd, process.stderr.fd, writable, _handle === undefined, process.stdout.getColorDepth(), process.stdout.hasColors(), process.stdout.getWindowSize()]);
      report([process.stdout instanceof require('node:stream').Writable, require('node:console') === console]);`;
    expect(run(body)).toEqual([
      [false, 80, 1, 2, true, true, 1, false, [80, 24]],
      [true, true],
    ]);
  });

  it('a cell that ends the stream leaves it open, and other pipes into it running', () => {
    const body = `const { Readable, pipeline } = require('node:stream');
      const slow = new Readable({ read() {} }); slow.pipe(process.stdout); slow.push('slow1 ');
      process.stdout.end('bye ', () => report('ended'));
      await new Promise((resolve) => pipeline(Readable.from(['p1 ', 'p2 ']), process.stdout, resolve));
      process.stdout.destroy(); process.stdout.cork(); console.log('still'); process.stdout.uncork();
      slow.push('slow2'); slow.push(null); await sleep(20); report(texts());`;
    expect(run(body)).toEqual(['ended', 'bye slow1 p1 p2 still\nslow2']);
  });

  it('what replaces write hears console.log', () => {
    const body = `const heard = []; const { write } = process.stdout;
      process.stdout.write = (text) => heard.push(text); console.log('x'); process.stdout.write = write;
      console.log('y'); report([heard, texts()]);
      new console.Console(process.stdout, process.stderr).error('own'); report(printed());`;
    expect(run(body)).toEqual([[['x\n'], 'y\n'], [['stderr', 1, 'own\n']]]);
  });

  it('an interrupt in the middle of a write does not silence the stream', () => {
    const body = `const vm = require('node:vm'); let stuck = true;
      const { PrintStream } = kernel('session/streams.js'); const seen = [];
      const stream = new PrintStream(1, (text) => { while (stuck); seen.push(text); });
      globalThis.stream = stream;
      try { vm.runInThisContext("stream.write('lost')", { timeout: 50 }) } catch {}
      stuck = false; stream.write('one'); stream.write(Buffer.from(' two')); report(seen.join(''));`;
    expect(run(body)).toEqual(['one two']);
  });

  it('stacks in what the console prints are explained', () => {
    const body = `streams.restore(); const seen = kernel('session/streams.js').installStreams({ print }, (text) => text.split('\\n')[0] + ' explained');
      console.log(new Error('e')); console.trace('t'); console.error(new Error('s').stack); console.log('plain'); report(texts());`;
    expect(run(body)).toEqual(['Error: e explained\nTrace: t explained\nError: s explained\nplain\n']);
  });

  it('everything is put back', () => {
    const { reported, stdout, stderr } = onNode(
      `const { stdout } = process; const { log } = console;
      const streams = kernel('session/streams.js').installStreams({ print() {} });
      console.log('hidden'); streams.restore(); console.log('shown'); report([process.stdout === stdout, console.log === log]);`,
      { node },
    );
    expect([reported, stdout, stderr]).toEqual([[[true, true]], 'shown\n', '']);
  });
});
