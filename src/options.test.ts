import { expect, it } from 'vitest';
import { checkOptions } from './options';

const check = (options: unknown) =>
  checkOptions<{ seed?: number; points?: number }>(options as object, ['seed', 'points']);

it('known options pass, all, some or none', () => {
  for (const options of [{}, { seed: 1 }, { points: 2, seed: undefined }])
    expect(() => check(options)).not.toThrow();
});

it('a misspelt option is named beside those there are', () => {
  expect(() => check({ seed: 1, point: 5 })).toThrow(
    new TypeError('unknown option point; the options are seed, points'),
  );
  expect(() => check({ toString: 1 })).toThrow('unknown option toString');
});

it.each([[5], ['seed'], [null], [undefined]])('%s is no options', (value) => {
  expect(() => check(value)).toThrow(new TypeError(`options must be an object, got ${value}`));
});
