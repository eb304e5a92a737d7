import os from 'node:os';
import { inRoot } from '../scripts/setup/paths.mjs';
import { writeWhole } from '../scripts/setup/stamp.mjs';

/** @typedef {{ rows: import('./timing.mjs').Row[], versions: Record<string, string> }} Result */

/** @param {import('./timing.mjs').Times | undefined} times */
function time(times) {
  if (times === undefined) return '';
  const { seconds } = times;
  return seconds < 1 ? `${(seconds * 1000).toPrecision(3)} ms` : `${seconds.toPrecision(3)} s`;
}

/**
 * A table on screen and, of a whole suite, the same with the machine in artifacts/bench/<suite>.json.
 * @param {string} suite @param {Result} result @param {boolean} [whole]
 */
export function report(suite, { rows, versions }, whole = true) {
  console.table(rows.map((row) => line(suite, row)));
  const load = os.loadavg()[0] ?? 0;
  const cores = os.cpus().length;
  if (load > cores + 1)
    console.warn(
      `! others were at work too (load ${load.toFixed(1)} on ${cores} cores): the ratios are rough`,
    );
  const machine = {
    cpu: os.cpus()[0]?.model,
    cores,
    memory: os.totalmem(),
    load,
  };
  const all = { node: process.version, ...versions };
  console.log(
    Object.entries(all)
      .map(([name, version]) => `${name} ${version}`)
      .join(', '),
  );
  if (!whole) return;
  const file = inRoot('artifacts', 'bench', `${suite}.json`);
  const json = { suite, date: new Date().toISOString(), machine, versions: all, rows };
  writeWhole(file, `${JSON.stringify(json, null, 2)}\n`);
  console.log(`written: ${file}`);
}

/** @param {string} suite @param {import('./timing.mjs').Row} row */
function line(suite, { task, ours, peer, its, ratio, target }) {
  const reached = ratio === undefined || target === undefined ? '' : ratio <= target ? '✓' : '✗';
  return {
    [suite]: task,
    ours: time(ours),
    peer: peer ?? 'none',
    its: time(its),
    'ours / its': ratio?.toFixed(2) ?? '',
    // On a machine that others use, the fastest rounds are the least disturbed.
    'fastest rounds': its === undefined ? '' : (ours.fastest / its.fastest).toFixed(2),
    target: target === undefined ? '' : `≤ ${target}`,
    reached,
  };
}
