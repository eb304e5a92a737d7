import { describe, expect, it, vi } from 'vitest';
import { tf } from '../../src/engine';
import { hessianVectorProducts } from '../../src/engine/secondOrder';
import { allCases } from './cases';
import { losslab } from './library';
import { REFUSED } from './refused';

vi.spyOn(console, 'warn').mockImplementation(() => undefined);

describe('what has no second derivative is refused by name', () => {
  it.each(Object.entries(REFUSED))('%s', (name, op) => {
    const one = allCases(losslab).find((other) => other.name === name);
    if (one === undefined) throw new Error(`there must be a case ${name}`);
    const { at, run, dispose } = one.build(3);
    const tensors = tf.memory().numTensors;
    expect(() => hessianVectorProducts(() => run(at), at, [at])).toThrow(op);
    expect(tf.memory().numTensors).toBe(tensors);
    dispose();
  });
});
