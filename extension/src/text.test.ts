import { describe, expect, it } from 'vitest';
import { nameAndMeaning, plainText, textWidth, wrap } from './text';

describe('texts', () => {
  it('wrap at spaces into lines that fit', () => {
    const label = 'α (random direction 1, filter-normalised)';
    const lines = wrap(label, 160, 13);
    expect(lines.join(' ')).toBe(label);
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) expect(textWidth(line, 13)).toBeLessThanOrEqual(160);
  });

  it('keep a word whole that is wider than its line', () => {
    expect(wrap('softmaxCrossEntropy', 20, 13)).toEqual(['softmaxCrossEntropy']);
  });

  it('say nothing to Plotly but themselves', () => {
    expect(plainText('<b>loss</b> & more')).toBe('&lt;b&gt;loss&lt;/b&gt; &amp; more');
  });

  it('of axes fall into name and meaning', () => {
    expect(nameAndMeaning('α (random direction 1)')).toEqual({ name: 'α', meaning: 'random direction 1' });
    expect(nameAndMeaning('x')).toEqual({ name: 'x' });
  });
});
