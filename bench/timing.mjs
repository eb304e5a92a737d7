/**
 * A piece of work, done by us or by a peer.
 * @typedef {{ name: string, run: () => Promise<number>, close?: () => void }} Contender
 *   `run` does the work once and returns the seconds it took.
 * @typedef {{ name: string, seconds: number, fastest: number, slowest: number, ratio: number }} Row
 *   `ratio`: the first contender's time over this one's, the median over rounds.
 */

/** @param {number[]} numbers at least one @returns {number} */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return middle.reduce((/** @type {number} */ sum, x) => sum + (x ?? Number.NaN) / 2, 0);
}

/**
 * Times contenders in turn, A B C A B C …, so that a machine that drifts drifts for all of them.
 * @param {[Contender, ...Contender[]]} contenders the first is ours @param {{ rounds?: number, warmup?: number }} [options]
 * @returns {Promise<Row[]>}
 */
export async function race(contenders, { rounds = 7, warmup = 1 } = {}) {
  const [ours] = contenders;
  const times = new Map(contenders.map((contender) => [contender, /** @type {number[]} */ ([])]));
  for (let round = -warmup; round < rounds; round++) {
    for (const [contender, list] of times) {
      const seconds = await contender.run();
      if (round >= 0) list.push(seconds);
    }
  }
  for (const contender of contenders) contender.close?.();
  return [...times].map(([{ name }, list]) => rowOf(name, list, times.get(ours) ?? []));
}

/** @param {string} name @param {number[]} times @param {number[]} ours @returns {Row} */
function rowOf(name, times, ours) {
  const ratio = median(times.map((seconds, round) => (ours[round] ?? Number.NaN) / seconds));
  return { name, seconds: median(times), fastest: Math.min(...times), slowest: Math.max(...times), ratio };
}
