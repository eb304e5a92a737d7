import { expect, it } from 'vitest';
import { inRoot } from '../../../scripts/setup/paths.mjs';
import { nodesAtHand, onNode } from '../../../tests/kernel/onNode';

const PROTOCOL = `
  const { parentPort, workerData } = require('node:worker_threads');
  const heard = new Int32Array(workerData);
  require(${JSON.stringify(inRoot('kernel', 'dist', 'interrupt', 'sigint.js'))}).hearSigint(() => Atomics.add(heard, 0, 1));
  setTimeout(() => parentPort.postMessage('up'), 200);
  setInterval(() => {}, 1000);`;

it.each(nodesAtHand())(
  'signals reach the protocol while the main thread is busy, and end nothing, on %s',
  (node) => {
    const program = `
    process.on('SIGINT', () => {});
    const shared = new SharedArrayBuffer(4);
    const heard = new Int32Array(shared);
    const { Worker } = require('node:worker_threads');
    new Worker(${JSON.stringify(PROTOCOL)}, { eval: true, workerData: shared }).on('message', () => {
      const kill = 'for i in 1 2 3 4 5 6 7 8 9 10; do kill -INT ' + process.pid + '; sleep 0.02; done';
      require('node:child_process').spawn('sh', ['-c', kill]);
      for (const end = Date.now() + 5000; heard[0] < 5 && Date.now() < end;);
      setTimeout(() => { report(heard[0] >= 5); process.exit(0); }, 300);
    });`;
    const { reported, status } = onNode(program, { node });
    expect({ reported, status }).toEqual({ reported: [true], status: 0 });
  },
);
