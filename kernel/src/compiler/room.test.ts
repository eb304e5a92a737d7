import { expect, it } from 'vitest';
import { onNode } from '../../../tests/kernel/onNode';

/** How often a heap is collected whole that keeps so many megabytes and leaves as much garbage again and again. */
function collections(megabytes: number, isAsked: boolean): number {
  const program = `
    const { Room } = kernel('compiler/room');
    const { PerformanceObserver, constants } = require('node:perf_hooks');
    let whole = 0;
    new PerformanceObserver((list) => {
      for (const { detail } of list.getEntries()) if (detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR) whole += 1;
    }).observe({ entryTypes: ['gc'] });
    const fill = (parts) => Array.from({ length: parts }, () => new Array(2 ** 17).fill(0.5));
    const kept = fill(${megabytes});
    const room = new Room();
    let left = 40;
    (function turn() {
      if (${isAsked}) room.answered();
      fill(${megabytes} / 4);
      left -= 1;
      if (left > 0) setImmediate(turn);
      else setImmediate(() => report(whole + 0 * kept.length));
    })();`;
  const flags = ['--max-semi-space-size=2', '--heap-growing-percent=30', '--v8-pool-size=1'];
  return onNode(program, { flags }).reported[0] as number;
}

it('a large heap is collected less often when it was given room', () => {
  expect(collections(120, true)).toBeLessThan(0.8 * collections(120, false));
});

it('a small heap is given none', () => {
  expect(collections(20, true)).toBeGreaterThan(0.8 * collections(20, false));
});
