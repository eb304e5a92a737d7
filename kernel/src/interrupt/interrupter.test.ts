import { describe, expect, it } from 'vitest';
import { inRoot } from '../../../scripts/setup/paths.mjs';
import { nodesAtHand, onNode } from '../../../tests/kernel/onNode';

const DIST = JSON.stringify(`${inRoot('kernel', 'dist')}/`);

/** The protocol's thread, as far as interrupts go. */
const WORKER = `
  const { parentPort, workerData } = require('node:worker_threads');
  const kernel = (name) => require(${DIST} + name);
  const { MainThread } = kernel('interrupt/mainThread');
  const main = new MainThread();
  const { Interrupter } = kernel('interrupt/interrupter');
  const interrupter = new Interrupter({
    main,
    requests: workerData,
    send: (request) => parentPort.postMessage({ interrupt: request }),
    wake: () => {},
    ours: () => [],
  });
  parentPort.on('message', ({ interruptAfter, answered, close }) => {
    if (close) { main.close(); setTimeout(() => parentPort.postMessage({}), 50); }
    if (answered) interrupter.answered();
    if (interruptAfter === undefined) return;
    setTimeout(() => {
      const begin = performance.now();
      interrupter.interrupt('KeyboardInterrupt').then(() => parentPort.postMessage({ took: performance.now() - begin }));
    }, interruptAfter);
  });
  parentPort.postMessage({ up: true });`;

/**
 * The main thread: `cell(code)` runs a cell as the session does, `stop(code)` interrupts it and tells its error's name
 * and how long it took if that was more than half a second, for the sake of busy machines. Cells see `note`, `guard`, `require`.
 */
const MAIN = `
  const { Worker } = require('node:worker_threads');
  const { AsyncLocalStorage } = require('node:async_hooks');
  const { setTimeout: sleep } = require('node:timers/promises');
  const vm = require('node:vm');
  const { newContext, currentContext } = kernel('session/contexts');
  const { guard } = kernel('session/guard');
  const enter = kernel('session/enter').entering({ number: 0 });
  const requests = kernel('session/requests');
  const { runInterruptibly } = kernel('session/running');
  const shared = kernel('places/requests').newRequests();
  kernel('session/timers').ownTimers();
  kernel('session/children').tellOfChildren(requests.blockedByChild, () => {});
  kernel('session/strike').allowStrikes(new (kernel('session/heap').Heap)());
  const worker = new Worker(${JSON.stringify(WORKER)}, { eval: true, workerData: shared });
  requests.watchRequests(shared, { answered: (request) => worker.postMessage({ answered: request }), ended: () => {} });
  const noise = [];
  process.on('unhandledRejection', (error) => { if (!requests.isNoise(error)) noise.push(String(error)); });
  process.on('uncaughtException', (error) => { if (!requests.isNoise(error)) noise.push(String(error)); });
  worker.on('error', (error) => { report(['the worker failed', String(error)]); process.exit(1); });
  let took;
  worker.on('message', (message) => {
    if (message.interrupt) requests.answerMessage();
    if (message.took !== undefined) took(message.took);
  });
  const notes = [];
  const storage = new AsyncLocalStorage();
  Object.assign(globalThis, { guard, enter, require, notes, storage, sleep, note: (text) => notes.push(text + currentContext()?.count) });
  let count = 0;
  const cell = (code) => {
    count += 1;
    const script = new vm.Script('(async () => {' + code + '})()', { filename: '/cell-' + count + '.ts', importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER });
    return runInterruptibly(newContext(count, count), () => storage.run(count, () => script.runInThisContext()));
  };
  const stop = async (code, after = 60) => {
    const over = new Promise((resolve) => { took = resolve; });
    const ended = cell(code).then((value) => 'value ' + value, (error) => error.name);
    worker.postMessage({ interruptAfter: after });
    const name = await ended;
    const time = await over;
    return time > 500 ? name + ' after ' + Math.round(time) + ' ms' : name;
  };
  (async () => {
    await new Promise((resolve) => worker.once('message', resolve));
    await BODY();
    report(noise);
    worker.postMessage({ close: true });
    await new Promise((resolve) => worker.once('message', resolve));
    process.exit(0);
  })();`;

/** What the program itself does is the session's, as its name says: nobody is to terminate that. */
const NAME = `\n//# sourceURL=${inRoot('kernel', 'dist', 'session', 'test.js')}`;

function reported(body: string, node?: string): unknown[] {
  const program = `const BODY = async () => { ${body} };${MAIN}${NAME}`;
  const { reported, stdout, stderr, status } = onNode(program, node === undefined ? {} : { node });
  expect({
    status,
    stdout,
    stderr: stderr.replace(/^.*(Warning|trace-warnings).*\n/gm, ''),
  }).toEqual({
    status: 0,
    stdout: '',
    stderr: '',
  });
  expect(reported.pop()).toEqual([]);
  return reported;
}

/** Code that keeps the thread busy, or waiting. */
const STATES: Record<string, string> = {
  'a loop': 'for (;;);',
  'a loop after an await': 'await guard(sleep(5)); for (;;);',
  'a loop over settled promises': 'for (;;) await guard(Promise.resolve(1));',
  'a loop over promises of no guard': 'for (;;) await 1;',
  'a pending promise': 'await guard(new Promise(() => {}));',
  'a loop in a timer': 'setTimeout(() => { for (;;); }, 5); await guard(new Promise(() => {}));',
  'a loop in an interval': 'setInterval(() => { for (;;); }, 5); await guard(new Promise(() => {}));',
  'a loop in an immediate':
    'setImmediate(() => {}); setImmediate(() => { for (;;); }); setImmediate(() => {}); await guard(new Promise(() => {}));',
  'a loop in a tick': 'process.nextTick(() => { for (;;); }); await guard(new Promise(() => {}));',
  'a loop in a microtask': 'queueMicrotask(() => { for (;;); }); await guard(new Promise(() => {}));',
  'a loop in a callback of fs':
    'require("fs").readFile(require.main?.filename ?? "/etc/hosts", () => { enter(); for (;;); }); await guard(new Promise(() => {}));',
  // As a cell's functions are compiled: without that, on Node 20, hooks run nearly all the time and must be spared.
  'ticks without end':
    'const f = () => { enter(); process.nextTick(f); }; f(); await guard(new Promise(() => {}));',
  'microtasks without end':
    'const f = () => { enter(); queueMicrotask(f); }; f(); await guard(new Promise(() => {}));',
  'promises without end': 'const f = () => { enter(); return Promise.resolve().then(f); }; await guard(f());',
  'a loop that swallows what is thrown': 'for (;;) { try { for (;;); } catch {} }',
  'a loop that continues in finally': 'for (;;) { try { for (;;); } finally { continue; } }',
  'awaits that swallow what is thrown':
    'for (;;) { try { for (;;) await guard(Promise.resolve()); } catch {} }',
  'a regular expression': '/^(a+)+$/.test("a".repeat(50) + "b");',
  'a getter': '({ get x() { for (;;); } }).x;',
  'a comparison of a sort': 'Array.from({ length: 1e6 }, Math.random).sort((a, b) => { for (;;); });',
  'a big array': 'Array.from({ length: 1e9 }, (_, i) => i % 2);',
  'Atomics.wait': 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);',
  WebAssembly:
    'new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([0,97,115,109,1,0,0,0,1,4,1,96,0,0,3,2,1,0,7,5,1,1,102,0,0,10,9,1,7,0,3,64,12,0,11,11]))).exports.f();',
  'a module that loops': 'await guard(import("data:text/javascript,for(;;);"));',
  'a listener of the signal':
    'kernelContext().signal.addEventListener("abort", () => { for (;;); }); await guard(new Promise(() => {}));',
  execSync: 'require("child_process").execSync("sleep 30");',
  'execSync of a shell with children': 'require("child_process").execSync("sleep 30; echo x; sleep 30");',
  'a loop of execSync':
    'for (;;) { try { require("child_process").execFileSync("sleep", ["30"]); } catch {} }',
};

const AFTER =
  'setTimeout(() => note("late"), 5); Promise.resolve().then(() => note("micro")); await guard(sleep(20)); return storage.getStore() === COUNT;';

describe.each(nodesAtHand())('an interrupt on %s', (node) => {
  it("ends the user's code in every state, and the next cell runs", { timeout: 60_000 }, () => {
    const body = `
      globalThis.kernelContext = currentContext;
      for (const [name, code] of Object.entries(${JSON.stringify(STATES)})) {
        const ended = await stop(code);
        const next = await cell(${JSON.stringify(AFTER)}.replace('COUNT', String(count + 1)));
        report([name, ended, next, notes.splice(0).length, storage.getStore() === undefined]);
      }`;
    const expected = Object.keys(STATES).map((name) => [name, 'KeyboardInterrupt', true, 2, true]);
    expect(reported(body, node)).toEqual(expected);
  });

  it('works 30 times in a row while the user has an async hook', { timeout: 60_000 }, () => {
    const body = `
      require('async_hooks').createHook({ init() {}, before() {}, after() {}, destroy() {} }).enable();
      const names = [];
      for (let i = 0; i < 30; i += 1) names.push(await stop(i % 2 ? 'for (;;);' : 'await guard(sleep(1)); for (;;) await guard(1);', 15));
      report([...new Set(names)]);
      report(await cell(${JSON.stringify(AFTER)}.replace('COUNT', String(count + 1))));
      report(notes);`;
    expect(reported(body, node)).toEqual([['KeyboardInterrupt'], true, ['micro31', 'late31']]);
  });
});

describe('an interrupt', () => {
  it('lets finally run where the cell awaits, and nothing else of the cell afterwards', () => {
    const body = `
      report(await stop(\`
        setInterval(() => note('interval'), 5);
        (async () => { try { for (;;) await guard(sleep(5)); } finally { note('other'); } })();
        try { await guard(new Promise(() => {})); } finally { note('finally'); }\`));
      const ended = notes.splice(0);
      report([ended.includes('interval1'), ended.slice(-2).sort()]);
      await sleep(30);
      report(notes);`;
    expect(reported(body)).toEqual(['KeyboardInterrupt', [true, ['finally1', 'other1']], []]);
  });

  it('finds what blocks the thread in a cell that is over, and ends it with its timers', () => {
    const body = `
      const blocks = '() => { note("blocks"); for (;;); }';
      for (const start of ['setInterval(BLOCKS, 20)', 'setTimeout(() => require("fs").stat("/", BLOCKS), 20)', 'setTimeout(() => process.nextTick(BLOCKS), 20)']) {
        await cell(start.replace('BLOCKS', blocks));
        report(await stop('await guard(sleep(500));', 80));
        await sleep(60);
        report(notes.splice(0).length);
      }`;
    const each = ['KeyboardInterrupt', 1];
    expect(reported(body)).toEqual([...each, ...each, ...each]);
  });

  it('of an idle session changes nothing, and spares background tasks', () => {
    const body = `
      await cell('setInterval(() => note("alive"), 5);');
      const over = new Promise((resolve) => { took = resolve; });
      worker.postMessage({ interruptAfter: 0 });
      report((await over) < 100);
      notes.splice(0);
      await sleep(50);
      report([notes.length > 2, await cell('return 7')]);`;
    expect(reported(body)).toEqual([true, [true, 7]]);
  });

  it('forgets a module that it ended while loading', () => {
    const body = `
      const file = require('node:path').join(require('node:fs').mkdtempSync(require('node:os').tmpdir() + '/losslab-module-'), 'm.js');
      require('node:fs').writeFileSync(file, 'exports.x = 1; if (!globalThis.second) for (;;); exports.y = 2;');
      globalThis.file = file;
      report(await stop('require(file);'));
      report(await cell('globalThis.second = true; return require(file).y;'));
      require('node:fs').rmSync(require('node:path').dirname(file), { recursive: true });`;
    expect(reported(body)).toEqual(['KeyboardInterrupt', 2]);
  });

  it('ends no child process but the one that is waited for', () => {
    const body = `
      const server = require('child_process').spawn('sleep', ['30']);
      report(await stop('require("child_process").spawnSync("sleep", ["30"]);'));
      report(await stop('for (;;);'));
      report([server.exitCode, server.signalCode]);
      server.kill();`;
    expect(reported(body)).toEqual(['KeyboardInterrupt', 'KeyboardInterrupt', [null, null]]);
  });

  it('insists when the child process ignores it', { timeout: 20_000 }, () => {
    const body = `report(await stop('require("child_process").execSync("trap true INT; for i in 1 2 3 4 5 6 7 8 9; do sleep 3; done");'));`;
    const [ended] = reported(body) as [string];
    const milliseconds = Number(/^KeyboardInterrupt after (\d+) ms$/.exec(ended)?.[1]);
    expect(milliseconds).toBeGreaterThan(900);
    expect(milliseconds).toBeLessThan(4000);
  });
});
