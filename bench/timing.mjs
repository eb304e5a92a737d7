import { setTimeout } from 'node:timers/promises';

/**
 * A piece of work, done by us or by a peer.
 * @typedef {{ name: string, run: () => Promise<number>, target?: number, close?: () => void }} Contender
 *   `run` does the work and returns the seconds it took; `target`: our time should be at most so many times this one's.
 * @typedef {{ seconds: number, fastest: number, slowest: number }} Times the median over rounds, and the range
 * @typedef {{ task: string, name: string, ours: Times, peer?: string, its?: Times, ratio?: number, target?: number, limit?: number, unit?: 'MB' }} Row
 *   `name` is our contender's; `ratio`: our time over the peer's, the median over rounds. Without peers there is only ours.
 *   `limit`: ours should be at most so many seconds; with a `unit`, all that is said of seconds is in that unit.
 */

/** @param {number[]} numbers at least one @returns {number} */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return middle.reduce((/** @type {number} */ sum, x) => sum + (x ?? Number.NaN) / 2, 0);
}

/** After work, the threads of a pool keep spinning for some milliseconds, at the cost of who comes next. */
const PAUSE = 30;

/**
 * Times contenders in turn, A B C A B C …, so that a machine that drifts drifts for all of them.
 * @param {string} task @param {[Contender, ...Contender[]]} contenders the first is ours
 * @param {{ rounds?: number, warmup?: number, lost?: (peer: Contender, error: Error) => void }} [options] a peer that
 *   fails drops out and is `lost`; without that, and when ours fails, the race ends in the error
 * @returns {Promise<Row[]>} one for each peer
 */
export async function race(task, contenders, { rounds = 7, warmup = 1, lost } = {}) {
  /** @param {Contender} contender */
  const dropsOut = (contender) => (/** @type {Error} */ error) => {
    if (lost === undefined || contender === contenders[0]) throw error;
    lost(contender, error);
  };
  const times = new Map(contenders.map((contender) => [contender, /** @type {number[]} */ ([])]));
  for (let round = -warmup; round < rounds; round++) {
    for (const [contender, list] of times) {
      await setTimeout(PAUSE);
      const seconds = await contender.run().catch(dropsOut(contender));
      if (seconds === undefined) times.delete(contender);
      else if (round >= 0) list.push(seconds);
    }
  }
  for (const contender of contenders) contender.close?.();
  const [ours, ...all] = contenders;
  const peers = all.filter((peer) => times.has(peer));
  const row = { task, name: ours.name, ours: summary(times.get(ours) ?? []) };
  if (peers.length === 0) return [row];
  return peers.map((peer) => ({ ...row, ...comparison(peer, times.get(ours) ?? [], times.get(peer) ?? []) }));
}

/** @param {Contender} peer @param {number[]} ours @param {number[]} its */
function comparison({ name, target }, ours, its) {
  const ratio = median(its.map((seconds, round) => (ours[round] ?? Number.NaN) / seconds));
  return { peer: name, its: summary(its), ratio, ...(target === undefined ? {} : { target }) };
}

/** @param {number[]} times @returns {Times} */
function summary(times) {
  return { seconds: median(times), fastest: Math.min(...times), slowest: Math.max(...times) };
}

/** A round of a short call lasts at least so many seconds: a single one is all jitter. */
const ROUND = 0.05;

/**
 * Work that is called again and again in a round; the time is that of one call, or of each of the `per` steps it makes.
 * @param {string} name @param {() => Promise<unknown>} call @param {number} [per] @returns {Contender}
 */
export function repeated(name, call, per = 1) {
  let count = 0;
  return {
    name,
    async run() {
      if (count === 0) count = await enough(call);
      return (await timed(call, count)) / count / per;
    },
  };
}

/** What is compiled when it pays is compiled after so many seconds of calls. */
const WARMUP = 0.5;

/** How many calls fill a round, once they are warm. @param {() => Promise<unknown>} call */
async function enough(call) {
  for (let spent = 0; spent < WARMUP; ) spent += await timed(call, 1);
  let count = 1;
  while ((await timed(call, count)) < ROUND) count *= 2;
  return count;
}

/** @param {() => Promise<unknown>} call @param {number} count @returns {Promise<number>} */
async function timed(call, count) {
  const start = performance.now();
  for (let i = 0; i < count; i++) await call();
  return (performance.now() - start) / 1000;
}
