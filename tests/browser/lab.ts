import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { jupyterEnvironment, venvBin } from '../../scripts/setup/paths.mjs';

/** A JupyterLab of its own: a temporary folder of notebooks, settings and workspaces, on a free port. */
export interface Lab {
  url: string;
  /** Where its notebooks lie. */
  folder: string;
  stop(): Promise<void>;
}

/** Cells that are not on the screen are drawn too, so that a test sees every figure. */
const SETTINGS = { '@jupyterlab/notebook-extension/tracker.jupyterlab-settings': { windowingMode: 'none' } };

/** Starts JupyterLab and waits until it answers; without a token, as only this machine reaches it. */
export async function startLab(): Promise<Lab> {
  const home = mkdtempSync(path.join(tmpdir(), 'losslab-lab-'));
  const folder = path.join(home, 'notebooks');
  mkdirSync(folder);
  const port = await freePort();
  const server = spawn(venvBin('python'), labArguments(port, folder), { env: environment(home) });
  let log = '';
  for (const stream of [server.stdout, server.stderr])
    stream.on('data', (chunk) => {
      log = (log + chunk).slice(-4_000);
    });
  const url = `http://127.0.0.1:${port}`;
  await answering(`${url}/api`, server, () => log);
  return {
    url,
    folder,
    stop: async () => {
      await ended(server);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function labArguments(port: number, folder: string): string[] {
  const asRoot = process.getuid?.() === 0 ? ['--allow-root'] : [];
  return [
    ...['-m', 'jupyterlab', '--no-browser', ...asRoot, '--ip', '127.0.0.1', '--port', String(port)],
    ...['--ServerApp.port_retries=0', '--IdentityProvider.token=', '--notebook-dir', folder],
    '--LabApp.expose_app_in_browser=True',
  ];
}

function environment(home: string): NodeJS.ProcessEnv {
  const settings = path.join(home, 'settings');
  for (const [name, value] of Object.entries(SETTINGS)) {
    const file = path.join(settings, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(value));
  }
  return {
    ...process.env,
    ...jupyterEnvironment(),
    JUPYTERLAB_SETTINGS_DIR: settings,
    JUPYTERLAB_WORKSPACES_DIR: path.join(home, 'workspaces'),
    JUPYTER_RUNTIME_DIR: path.join(home, 'runtime'),
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

async function answering(url: string, server: ChildProcess, log: () => string): Promise<void> {
  const until = Date.now() + 60_000;
  while (Date.now() < until) {
    if (server.exitCode !== null) break;
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  server.kill();
  throw new Error(`JupyterLab did not answer at ${url}:\n${log()}`);
}

/** Ends the server we started; a second signal when the first was not enough. */
async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
  const gone = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGTERM');
  const patience = setTimeout(() => server.kill('SIGKILL'), 10_000);
  await gone;
  clearTimeout(patience);
}
