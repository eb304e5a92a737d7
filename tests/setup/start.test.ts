import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { inRoot, jupyterEnvironment, venvBin } from '../../scripts/setup/paths.mjs';
import { isRunning } from '../../scripts/setup/process.mjs';
import { answers, freePort, type Started, start, stop } from './starting';

/** Processes that began below another, by their parents. */
function below(pid: number): number[] {
  const table = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' });
  const rows = table
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/).map(Number));
  const children = rows.filter(([, parent]) => parent === pid).map(([child]) => child ?? 0);
  return children.flatMap((child) => [child, ...below(child)]);
}

const token = ({ output }: Started) => /token=(\w+)/.exec(output())?.[1] ?? '';

async function startKernel(lab: Started, name: string): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${lab.port}/api/kernels`, {
    method: 'POST',
    headers: { Authorization: `token ${token(lab)}` },
    body: JSON.stringify({ name }),
  });
  expect(answer.status).toBe(201);
}

const labs: Started[] = [];

async function startNoted(...args: Parameters<typeof start>): Promise<Started> {
  const lab = await start(...args);
  labs.push(lab);
  return lab;
}

// What there is to do is done before: these tests are about starts that find everything in place.
beforeAll(() => void execFileSync(process.execPath, ['scripts/setup.mjs'], { cwd: inRoot() }), 600_000);

afterEach(async () => {
  for (const lab of labs.splice(0)) await stop(lab.process);
});

/** Seconds until JupyterLab answers that is not started by us. */
async function secondsAlone(): Promise<number> {
  const command = [venvBin('python'), '-m', 'jupyterlab', '--allow-root'];
  // What it writes stays in the checkout.
  const lab = await startNoted(command, 60, { ...process.env, ...jupyterEnvironment() });
  await stop(lab.process);
  return lab.seconds;
}

it('starts straight after each other answer in under 10 s and end with status 0 and without orphans', async () => {
  // On a machine where JupyterLab itself is slow, or busy with other tests, its own time is the measure.
  const limit = Math.max(10, 2 * (await secondsAlone()));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const lab = await startNoted();
    expect(lab.seconds).toBeLessThan(limit);
    for (const name of ['losslab', 'tslab']) await startKernel(lab, name);
    const family = below(lab.process.pid ?? 0);
    expect(family.length).toBeGreaterThanOrEqual(2);
    await stop(lab.process, signal);
    expect(lab.process.exitCode).toBe(0);
    expect(family.filter(isRunning)).toEqual([]);
    expect(await answers(lab.port)).toBe(false);
  }
});

it.runIf(process.platform !== 'win32')('ending npm ends all that `npm start` has started', async () => {
  const lab = await startNoted(['npm', 'start', '--']);
  const family = below(lab.process.pid ?? 0);
  expect(family.length).toBeGreaterThanOrEqual(3);
  await stop(lab.process);
  await expect.poll(() => family.filter(isRunning), { timeout: 10_000 }).toEqual([]);
});

it('a start with nothing to set up prints the address of JupyterLab and nothing else', async () => {
  const lab = await startNoted();
  while (!token(lab)) await once(lab.process.stderr ?? lab.process, 'data');
  const lines = lab
    .output()
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  expect(lines[0]).toMatch(/^\[C .* ServerApp\]$/);
  for (const line of lines.slice(1))
    expect(line).toMatch(/^(To access the server|Or copy and paste|file:|http:)/);
});

it('a port in use is named, and nothing is started', async () => {
  const port = await freePort();
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  const done = spawnSync(process.execPath, ['scripts/start.mjs', '--no-browser', `--port=${port}`], {
    cwd: inRoot(),
    encoding: 'utf8',
  });
  server.close();
  expect(done.stderr).toContain(`Port ${port} is already in use.`);
  expect(done.stderr).toContain('npm start -- --port');
  expect(done.stdout).toBe('');
  expect(done.status).toBe(1);
});
