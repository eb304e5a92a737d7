import { expect, it } from 'vitest';
import { Recent } from './recent';

it('what was set longest ago goes first when there is too much', () => {
  const recent = new Recent<string, number>(10);
  recent.set('a', 1, 4);
  recent.set('b', 2, 4);
  recent.set('a', 3, 4);
  recent.set('c', 4, 4);
  expect([recent.get('a'), recent.get('b'), recent.get('c')]).toEqual([3, undefined, 4]);
  expect([...recent.values()]).toEqual([3, 4]);
});

it('what was set last stays, however much it weighs', () => {
  const recent = new Recent<string, number>(10);
  recent.set('a', 1, 4);
  recent.set('b', 2, 1000);
  expect([...recent.values()]).toEqual([2]);
});
