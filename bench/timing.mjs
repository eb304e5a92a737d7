/**
 * A piece of work, done by us or by a peer.
 * @typedef {{ name: string, run: () => Promise<number>, close?: () => void }} Contender
 *   `run` does the work once and returns the seconds it took.
 * @typedef {{ name: string, seconds: number, fastest: number, slowest: number, ratio: number }} Row
 *   `ratio`: the first contender's time over this one's, the median over rounds.
 */

/** @param {number[]} numbers */
export const median = (numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/**
 * Times contenders in turn, A B C A B C …, so that a machine that drifts drifts for all of them.
 * @param {Contender[]} contenders the first is ours @param {{ rounds?: number, warmup?: number }} [options]
 * @returns {Promise<Row[]>}
 */
export async function race(contenders, { rounds = 7, warmup = 1 } = {}) {
  /** @type {number[][]} */
  const times = contenders.map(() => []);
  for (let round = -warmup; round < rounds; round++) {
    for (const [i, contender] of contenders.entries()) {
      const seconds = await contender.run();
      if (round >= 0) times[i].push(seconds);
    }
  }
  for (const contender of contenders) contender.close?.();
  return contenders.map(({ name }, i) => ({
    name,
    seconds: median(times[i]),
    fastest: Math.min(...times[i]),
    slowest: Math.max(...times[i]),
    ratio: median(times[i].map((seconds, round) => times[0][round] / seconds)),
  }));
}
