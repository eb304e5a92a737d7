#!/usr/bin/env node
/** The kernel's program: `node main.js <connection file>`. The main thread is the user's; the protocol has its own. */
import { statSync, writeSync } from 'node:fs';
import path from 'node:path';
import { MessageChannel, Worker } from 'node:worker_threads';
import { type Captured, captureDescriptors } from './output/descriptors';
import { AnswerReader } from './places/answers';
import { newFlow } from './places/flow';
import type { ToSession } from './places/messages';
import { type Handover, settingsOf } from './places/places';
import { newRequests } from './places/requests';
import { newRing } from './places/ring';
import { readConnection } from './wire/connection';

/** Node's own, whatever cells make of `process`: without it a failed start would be one more trapped exit. */
const exit = (process as unknown as { reallyExit(code: number): never }).reallyExit.bind(process);

/** The last words, where the person who started the kernel can read them. */
function fail(problem: string, captured: Captured | undefined): never {
  try {
    writeSync(captured?.terminal ?? 2, `${problem}\n`);
  } catch {
    // Nobody is there to read them.
  }
  return exit(1);
}

function connectionOrFail(): Handover['connection'] {
  const [file] = process.argv.slice(2);
  if (file === undefined) fail('usage: main.js <connection file>. Jupyter writes the file.', undefined);
  try {
    return readConnection(file);
  } catch (error) {
    return fail((error as Error).message, undefined);
  }
}

function handOver(connection: Handover['connection'], descriptors: Captured | undefined) {
  const { port1, port2 } = new MessageChannel();
  const handover: Handover = {
    connection,
    descriptors,
    settings: settingsOf(process.env),
    ring: newRing(),
    answerFlag: new SharedArrayBuffer(4),
    answerPort: port2,
    requests: newRequests(),
    flow: newFlow(),
    cwd: process.cwd(),
  };
  return { handover, answers: new AnswerReader(handover.answerFlag, port1) };
}

/**
 * Node's `realpathSync`, by which `require` finds a package behind a link, looks at what `stat` found last of all files:
 * after a FIFO, as descriptor 0 is one, it follows no link. Native addons then miss the libraries beside them.
 */
function forgetFifos(): void {
  statSync(__dirname);
}

function start(): void {
  const connection = connectionOrFail();
  const descriptors = captureDescriptors();
  const { handover, answers } = handOver(connection, descriptors);
  const worker = new Worker(path.join(__dirname, 'protocol', 'worker.js'), {
    workerData: handover,
    transferList: [handover.answerPort],
    execArgv: [],
  });
  worker.on('error', (error) => fail(`The kernel's protocol has failed: ${error.stack}`, descriptors));
  // Loaded while the other thread starts.
  const { Outlet } = require('./session/outlet') as typeof import('./session/outlet');
  const { Session } = require('./session/session') as typeof import('./session/session');
  const outlet = new Outlet(worker, handover, answers);
  const session = new Session(outlet, handover.requests, handover.settings, handover.cwd);
  forgetFifos();
  worker.on('message', (message: ToSession | { type: 'failed'; message: string }) => {
    if (message.type === 'failed') fail(message.message, descriptors);
    session.take(message);
  });
}

start();
