import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { inRoot } from '../../scripts/setup/paths.mjs';

/** A running `npm start`. */
export interface Started {
  process: ChildProcess;
  port: number;
  /** Seconds until JupyterLab answered. */
  seconds: number;
  output: () => string;
}

/** What npm runs, without npm. */
const SCRIPT = [process.execPath, 'scripts/start.mjs'];

/** Runs `npm start -- --no-browser --port …`, or what that runs, until JupyterLab's API answers. */
export async function start(
  [command = '', ...args]: string[] = SCRIPT,
  seconds = 60,
  env = process.env,
): Promise<Started> {
  const port = await freePort();
  const begun = Date.now();
  const child = spawn(command, [...args, '--no-browser', '--port', String(port)], {
    cwd: inRoot(),
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      text += chunk;
    });
  while (!(await answers(port))) {
    if (child.exitCode !== null || Date.now() - begun > seconds * 1000) {
      await stop(child);
      throw new Error(`JupyterLab did not answer:\n${text}`);
    }
    await pause(100);
  }
  return { process: child, port, seconds: (Date.now() - begun) / 1000, output: () => text };
}

/** Asks a process to end and waits until it has. */
export async function stop(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, 'close');
}

export async function answers(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/api`)).status === 200;
  } catch {
    return false;
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
