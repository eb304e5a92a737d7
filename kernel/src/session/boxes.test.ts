import { describe, expect, it } from 'vitest';
import { Boxes } from './boxes';

describe('the variables of the session', () => {
  it('are one box for one name, in every cell', () => {
    const boxes = new Boxes();
    boxes.get('x').v = 1;
    expect(boxes.get('x')).toEqual({ v: 1 });
    expect(boxes.get('x')).toBe(boxes.get('x'));
    expect(boxes.get('y').v).toBeUndefined();
  });

  it('may be called like what every object has', () => {
    expect(new Boxes().get('constructor').v).toBeUndefined();
  });

  it('of a cell that ended early are those that it came to', () => {
    const boxes = new Boxes();
    boxes.get('a').v = 0;
    boxes.get('b');
    expect(boxes.assigned(['a', 'b', 'c'])).toEqual(['a']);
  });
});
