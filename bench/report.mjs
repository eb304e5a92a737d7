import os from 'node:os';
import { inRoot } from '../scripts/setup/paths.mjs';
import { writeWhole } from '../scripts/setup/stamp.mjs';

/** @param {number} seconds */
const time = (seconds) =>
  seconds < 1 ? `${(seconds * 1000).toPrecision(3)} ms` : `${seconds.toPrecision(3)} s`;

/** A table on screen, and the same with the machine in artifacts/bench/<suite>.json. @param {string} suite @param {import('./timing.mjs').Row[]} rows */
export function report(suite, rows) {
  const table = rows.map((row) => ({
    [suite]: row.name,
    median: time(row.seconds),
    'fastest – slowest': `${time(row.fastest)} – ${time(row.slowest)}`,
    'our time / its time': row.ratio.toFixed(2),
  }));
  console.table(table);
  const machine = {
    cpu: os.cpus()[0]?.model,
    cores: os.cpus().length,
    memory: os.totalmem(),
    node: process.version,
  };
  const file = inRoot('artifacts', 'bench', `${suite}.json`);
  writeWhole(file, `${JSON.stringify({ suite, date: new Date().toISOString(), machine, rows }, null, 2)}\n`);
  console.log(`written: ${file}`);
}
