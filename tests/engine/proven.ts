import { describe, expect, it, vi } from 'vitest';
import { allCases, BATCHES, type Case } from './cases';
import { offences } from './exact';
import { losslab } from './library';
import { REFUSED } from './refused';

// Each case against central differences of its double graph (exact.ts); what is refused names its op (refused.ts).

/** The exactness of one kind of case, one test each. */
export function provenExact(kind: Case['kind'], part: (place: number) => boolean = () => true): void {
  // That draws with a seed of their own are floats is said.
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const cases = allCases(losslab).filter((one) => one.kind === kind && !(one.name in REFUSED));
  describe(`gradient and Hessian of each ${kind} are exact, eager and compiled`, () => {
    it.each(cases.filter((_, i) => part(i)).map((one) => [one.name, one] as const))('%s', (_, one) => {
      expect(offences(one, BATCHES)).toEqual([]);
    });
  });
}
