import { setTimeout as sleep } from 'node:timers/promises';
import type { CompilerClient } from '../compiler/client';
import type { Sockets } from '../wire/sockets';
import type { Debugging } from './debugging';
import type { Interrupts } from './interrupts';
import type { SessionPort } from './sessionPort';

/** How long (milliseconds) ZeroMQ's own threads and libuv have for letting go of a closed socket. */
const SETTLE = 30;

/** How long (milliseconds) a busy thread is given to end by itself before the process is killed. */
const GRACE = 2500;

export interface Ends {
  session: SessionPort;
  sockets: Sockets;
  interrupts: Interrupts;
  compiler: CompilerClient;
  debugging: Debugging;
}

/**
 * The end after a shutdown request: the main thread is made to listen, then the sockets are closed, because a thread
 * that goes with open ones aborts the process (zeromq.js#411); then the main thread exits with status 0.
 */
export async function shutDown({ session, sockets, interrupts, compiler, debugging }: Ends): Promise<void> {
  setTimeout(kill, GRACE).unref();
  // The reply is on its way: it leaves before the sockets are closed.
  await new Promise((resume) => setImmediate(resume));
  await interrupts.interrupt('Exit');
  await debugging.close();
  interrupts.close();
  await Promise.all([sockets.close(), compiler.close()]);
  await sleep(SETTLE);
  session.exit();
}

/** The program that started the kernel is gone: nobody listens any more, and the main thread may be busy for ever. */
export function kill(): void {
  process.kill(process.pid, 'SIGKILL');
}
