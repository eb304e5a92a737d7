import os from 'node:os';
import { inRoot } from '../scripts/setup/paths.mjs';
import { writeWhole } from '../scripts/setup/stamp.mjs';

/** @typedef {{ rows: import('./timing.mjs').Row[], versions: Record<string, string> }} Result */

/** @param {number | undefined} seconds @param {'MB'} [unit] of another quantity than time */
function quantity(seconds, unit) {
  if (seconds === undefined) return '';
  if (Number.isNaN(seconds)) return 'failed';
  if (unit !== undefined) return `${seconds.toFixed(0)} ${unit}`;
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
function line(suite, row) {
  const { task, ours, peer, its, ratio, unit } = row;
  return {
    [suite]: task,
    ours: quantity(ours.seconds, unit),
    peer: peer ?? 'none',
    its: quantity(its?.seconds, unit),
    'ours / its': ratio?.toFixed(2) ?? '',
    // On a machine that others use, the fastest rounds are the least disturbed.
    'fastest rounds': its === undefined ? '' : (ours.fastest / its.fastest).toFixed(2),
    ...aim(row),
  };
}

/** What was to be reached: a limit of ours, or a ratio. @param {import('./timing.mjs').Row} row */
function aim({ ours, ratio, target, limit, unit }) {
  const is = limit === undefined ? ratio : ours.seconds;
  const most = limit ?? target;
  if (most === undefined) return { target: '', reached: '' };
  const reached = is === undefined ? '' : is <= most ? '✓' : '✗';
  return { target: `≤ ${limit === undefined ? target : quantity(limit, unit)}`, reached };
}
