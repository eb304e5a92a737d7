import { describe, expect, it } from 'vitest';
import { duration, progressBundle, progressLine, type Standing } from './progressText';

const standing = (change: Partial<Standing>): Standing => ({
  label: 'training',
  done: 370,
  total: 1000,
  elapsed: 12_000,
  rate: 31.4,
  ...change,
});

describe('the line of a task', () => {
  it.each<[Partial<Standing>, string]>([
    [{}, 'training  37 %  370 of 1,000  31/s  20 s left'],
    [{ rate: undefined }, 'training  37 %  370 of 1,000'],
    [{ rate: 0.4 }, 'training  37 %  370 of 1,000  2.5 s each  26 min 15 s left'],
    [{ total: undefined }, 'training  370  31/s'],
    [{ total: 0, done: 0 }, 'training  0 of 0  31/s'],
    [{ done: 999.9 }, 'training  99 %  1,000 of 1,000  31/s  0.0 s left'],
    [{ done: 29, total: 100, rate: undefined }, 'training  29 %  29 of 100'],
    [{ done: 1200 }, 'training  100 %  1,200 of 1,000  31/s'],
    [{ label: '' }, '37 %  370 of 1,000  31/s  20 s left'],
    [{ done: 1000, ending: 'done' }, 'training  100 %  1,000 in 12 s'],
    [{ ending: 'done' }, 'training  37 %  370 in 12 s'],
    [{ ending: 'interrupted' }, 'training  37 %  370 of 1,000, interrupted after 12 s'],
    [{ total: undefined, ending: 'stopped' }, 'training  370, stopped after 12 s'],
  ])('%j: %s', (change, line) => {
    expect(progressLine(standing(change))).toBe(line);
  });

  it('in HTML has a bar as wide as what is done, in the colours of the theme, and an escaped label', () => {
    const html = String(progressBundle(standing({ label: '<b>' }))['text/html']);
    expect(html).toContain('width:37.0%');
    expect(html).toContain('var(--jp-brand-color1');
    expect(html).toContain('<span>&lt;b&gt;</span>');
    expect(html).not.toContain('<b>');
  });
});

describe('a duration', () => {
  it.each([
    [400, '0.4 s'],
    [9_960, '10 s'],
    [59_400, '59 s'],
    [59_600, '1 min 0 s'],
    [200_000, '3 min 20 s'],
    [7_500_000, '2 h 5 min'],
  ])('of %d ms is %s', (milliseconds, text) => {
    expect(duration(milliseconds)).toBe(text);
  });
});
