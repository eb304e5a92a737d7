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

/** Runs scripts/start.mjs as `npm start -- --no-browser --port …` does, until JupyterLab's API answers. */
export async function start(root: string = inRoot(), seconds = 60): Promise<Started> {
  const port = await freePort();
  const begun = Date.now();
  const child = spawn(process.execPath, ['scripts/start.mjs', '--no-browser', '--port', String(port)], {
    cwd: root,
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
