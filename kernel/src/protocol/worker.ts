/** The protocol's thread: sockets, queue, history, and the compiler's process. Started by `main.ts`. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Handover } from '../places/places';
import { startProtocol } from './protocol';

if (parentPort === null)
  throw new Error('worker.js is the protocol thread of the kernel: start main.js instead');
startProtocol(parentPort, workerData as Handover).catch((error: Error) =>
  parentPort?.postMessage({ type: 'failed', message: error.message, at: 0 }),
);
