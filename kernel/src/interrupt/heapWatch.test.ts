import { describe, expect, it } from 'vitest';
import { inRoot } from '../../../scripts/setup/paths.mjs';
import { nodesAtHand, onNode } from '../../../tests/kernel/onNode';

const DIST = JSON.stringify(`${inRoot('kernel', 'dist')}/`);

const PROTOCOL = `
  const { parentPort, workerData: { shared } } = require('node:worker_threads');
  const kernel = (name) => require(${DIST} + name);
  const main = new (kernel('interrupt/mainThread').MainThread)();
  const { Interrupter } = kernel('interrupt/interrupter');
  const { HeapWatch } = kernel('interrupt/heapWatch');
  const heap = new HeapWatch({ main, requests: shared, alarm: () => void interrupter.interrupt('HeapLimit') });
  const interrupter = new Interrupter({
    ...{ main, requests: shared, stopped: [heap] },
    ...{ send: (interrupt) => parentPort.postMessage({ interrupt }), wake: () => {}, ours: () => [] },
  });
  // As the kernel ends: no interrupt is under way, and the inspector has let go.
  const end = () => {
    if (interrupter.busy) return void setTimeout(end, 5);
    heap.stop();
    main.close();
    setTimeout(() => parentPort.postMessage({}), 50);
  };
  parentPort.on('message', ({ answered, start, over, close }) => {
    if (answered) interrupter.answered();
    if (start) { heap.start(); void interrupter.prepare(); }
    if (over) heap.slow();
    if (close) end();
  });
  parentPort.postMessage({});`;

const program = (code: string): string => `
  const { newContext } = kernel('session/contexts');
  const requests = kernel('session/requests');
  const { runInterruptibly } = kernel('session/running');
  const shared = kernel('places/requests').newRequests();
  const limit = require('node:v8').getHeapStatistics().heap_size_limit;
  const heap = new (kernel('session/heap').Heap)();
  kernel('session/strike').allowStrikes(heap);
  const { Worker } = require('node:worker_threads');
  const worker = new Worker(${JSON.stringify(PROTOCOL)}, { eval: true, workerData: { shared } });
  requests.watchRequests(shared, { answered: (answered) => worker.postMessage({ answered }), ended: () => {} });
  worker.on('message', ({ interrupt }) => { if (interrupt) requests.answerMessage(); });
  worker.once('message', async () => {
    heap.takeStock();
    worker.postMessage({ start: true });
    const run = new Function(${JSON.stringify(code)});
    report(await runInterruptibly(newContext(1, 1), run).then((value) => value ?? 'done', (error) => error.name + ': ' + error.message));
    heap.takeStock();
    worker.postMessage({ over: true });
    globalThis.kept = undefined;
    await new Promise((resolve) => setTimeout(resolve, 50));
    gc();
    report(process.memoryUsage().heapUsed < 0.5 * limit);
    worker.postMessage({ close: true });
    worker.once('message', () => process.exit(0));
  });`;

/** What the program itself does is the session's, as its name says: nobody is to terminate that. */
const NAME = `\n//# sourceURL=${inRoot('kernel', 'dist', 'session', 'test.js')}`;

const reported = (code: string, node = process.execPath): unknown[] => {
  const flags = ['--expose-gc', '--max-old-space-size=512'];
  const { reported, status, stderr } = onNode(program(code) + NAME, { node, flags });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return reported;
};

const LEAKS = {
  objects: "globalThis.kept = []; for (let i = 0; ; i++) kept.push({ i, s: 'x' + i });",
  doubles: 'globalThis.kept = []; for (;;) kept.push(new Array(1e5).fill(1.1));',
  strings:
    "globalThis.kept = []; for (let i = 0; ; i++) kept.push(Buffer.alloc(1e5, 'a').toString('latin1') + i);",
};

describe.each(nodesAtHand())('the watch over the heap on %s', (node) => {
  it.each(Object.entries(LEAKS))('ends a leak of %s before V8 ends the process', (_, code) => {
    const limited = expect.stringMatching(/^HeapLimitError: .*MB.*--node-options=--max-old-space-size/);
    expect(reported(code, node)).toEqual([limited, true]);
  });
});

it('the watch over the heap raises no alarm for garbage', () => {
  const code = `
    globalThis.kept = [];
    for (let i = 0; i < 40; i++) kept.push(new Array(5e5).fill(1.1));
    for (const end = Date.now() + 1500; Date.now() < end;) new Array(1e6).fill(1.1);`;
  expect(reported(code)).toEqual(['done', true]);
});
