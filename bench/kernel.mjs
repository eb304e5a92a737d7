import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { contenders, scratchFolder, versions, withEnv } from './kernel/contenders.mjs';
import { contender, startDriver } from './kernel/driver.mjs';
import { ROWS } from './kernel/rows.mjs';
import { race } from './timing.mjs';

/** @typedef {import('./kernel/contenders.mjs').Name} Name */
/** @typedef {import('./kernel/contenders.mjs').Command} Command */
/** @typedef {import('./kernel/contenders.mjs').Kernels} Kernels */
/** @typedef {import('./kernel/driver.mjs').Driver} Driver */
/** @typedef {import('./kernel/rows.mjs').Row} Row */
/** @typedef {import('./timing.mjs').Contender & { close: () => Promise<unknown> }} Closing */

/**
 * Our kernel beside stock tslab, ipykernel and Deno's, at the wire.
 * @param {string} [only] a part of the names of the rows wanted @returns {Promise<import('./report.mjs').Result>}
 */
export async function measure(only = '') {
  const scratch = scratchFolder();
  const driver = startDriver();
  try {
    const kernels = contenders(scratch);
    const wanted = ROWS.filter(({ title }) => title.includes(only));
    const data = path.join(scratch, 'warm');
    const warm = withEnv(kernels.losslab, { LOSSLAB_KERNEL_SNAPSHOT: 'on', LOSSLAB_KERNEL_DATA: data });
    if (wanted.some(({ snapshot }) => snapshot)) await buildSnapshot(driver, warm, data);
    const rows = [];
    for (const row of wanted) {
      console.log(`… ${row.title}`);
      const ours = withEnv(row.snapshot ? warm : kernels.losslab, row.env ?? {});
      rows.push(...(await measureRow(row, { ...kernels, losslab: ours }, driver)));
    }
    return { rows, versions: versions(kernels) };
  } finally {
    driver.close();
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  }
}

/**
 * A peer that fails is listed with the reason and races no more.
 * @param {Row} row @param {Kernels} kernels @param {Driver} driver @returns {Promise<import('./timing.mjs').Row[]>}
 */
async function measureRow(row, kernels, driver) {
  const [ours, ...peers] = contendersOf(row, kernels, driver);
  /** @type {Map<import('./timing.mjs').Contender, string>} */
  const failed = new Map();
  const lost = (/** @type {import('./timing.mjs').Contender} */ each, /** @type {Error} */ error) =>
    failed.set(each, shortened(error.message));
  for (const each of [ours, ...peers]) {
    await each.run().catch((error) => lost(each, error));
    if (failed.has(each)) await each.close();
  }
  const racing = peers.filter((peer) => !failed.has(peer));
  const rows = failed.has(ours)
    ? [{ task: row.title, name: ours.name, ours: NOTHING, peer: `ours: ${failed.get(ours)}` }]
    : await race(row.title, [ours, ...racing], { rounds: row.rounds, warmup: 0, lost });
  if (failed.has(ours)) for (const peer of racing) await peer.close();
  const losers = peers.filter((peer) => failed.has(peer));
  const listed = losers.map((peer) => ({
    ...{ task: row.title, name: ours.name, ours: rows[0]?.ours ?? NOTHING },
    peer: `${peer.name}: ${failed.get(peer)}`,
  }));
  const more = { ...(row.limit && { limit: row.limit }), ...(row.unit && { unit: row.unit }) };
  return [...rows, ...listed].map((each) => ({ ...each, ...more }));
}

/** Of a stack the line that says what it is about. @param {string} message */
function shortened(message) {
  const lines = message.split('\n');
  return (lines.find((line) => /^\w*Error: /.test(line)) ?? lines[0] ?? '').slice(0, 100);
}

const NOTHING = { seconds: Number.NaN, fastest: Number.NaN, slowest: Number.NaN };

/** Ours first. @param {Row} row @param {Kernels} kernels @param {Driver} driver @returns {[Closing, ...Closing[]]} */
function contendersOf(row, { losslab, ...peers }, driver) {
  const theirs = Object.entries(peers).filter(
    ([name]) => row.cells[/** @type {Name} */ (name)] !== undefined,
  );
  return [
    contender(row, 'losslab', losslab, driver),
    ...theirs.map(([name, command]) => contender(row, /** @type {Name} */ (name), command, driver)),
  ];
}

/** How long a kernel may take to build its snapshot, in milliseconds. */
const BUILD = 30_000;

/** Starts ours once, so that it builds in the background what later starts take. @param {Driver} driver @param {Command} kernel @param {string} data */
async function buildSnapshot(driver, kernel, data) {
  const session = 'builds the snapshot';
  const build = driver.ask(kernel, { work: 'cell', session, code: '1+1', times: 1 });
  const built = await build.then(() => isBuilt(data)).catch(() => false);
  if (!built) console.warn('! no snapshot was built: the rows that want it are as cold as the others');
  await driver.ask(kernel, { work: 'close', session });
}

/** Waits for a file as large as a heap that grows no more. @param {string} data */
async function isBuilt(data) {
  const end = performance.now() + BUILD;
  for (let size = 0; performance.now() < end; ) {
    await setTimeout(1000);
    const now = bytesBelow(data);
    if (now > 1e7 && now === size) return true;
    size = now;
  }
  return false;
}

/** @param {string} folder @returns {number} */
function bytesBelow(folder) {
  if (!existsSync(folder)) return 0;
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return files.reduce((sum, { parentPath, name }) => {
    const { size } = statSync(path.join(parentPath, name), { throwIfNoEntry: false }) ?? { size: 0 };
    return sum + size;
  }, 0);
}
