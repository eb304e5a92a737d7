/** The protocol's thread: sockets, queue, history, and the compiler's process. Started by `main.ts`. */
import { parentPort, workerData } from 'node:worker_threads';
import { compilerCache } from '../compiler/cache';
import { startCompiler } from '../compiler/client';
import type { Handover } from '../places/places';

if (parentPort === null)
  throw new Error('worker.js is the protocol thread of the kernel: start main.js instead');
const handover = workerData as Handover;
const cache = compilerCache(process.env);
// It takes longest: the rest is loaded while it starts.
const compiler = startCompiler({ cwd: handover.cwd, ...(cache !== undefined && { cache }) });
const { startProtocol } = require('./protocol') as typeof import('./protocol');
startProtocol(parentPort, handover, compiler).catch((error: Error) =>
  parentPort?.postMessage({ type: 'failed', message: error.message, at: 0 }),
);
