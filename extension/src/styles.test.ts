import { PALETTE } from 'losslab/figure';
import { describe, expect, it } from 'vitest';
import { chip, luminance, styleOf } from './styles';

describe('styles', () => {
  it('differ in colour and in dash', () => {
    const styles = PALETTE.map((_, i) => styleOf(i, '#000000'));
    expect(new Set(styles.map(({ color }) => color)).size).toBe(PALETTE.length);
    expect(new Set(styles.map(({ dash }) => dash.join())).size).toBe(PALETTE.length);
  });

  it('have ink in place of black', () => {
    const black = PALETTE.indexOf('#000000');
    expect(styleOf(black, 'rgb(255, 255, 255)').color).toBe('rgb(255, 255, 255)');
    expect(styleOf(0, 'rgb(255, 255, 255)').color).toBe(PALETTE[0]);
  });

  it('write on every colour of viridis with a contrast of at least 4.5', () => {
    for (let share = 0; share <= 1; share += 0.005) {
      const { back, text } = chip(share);
      const [low, high] = [luminance(back), luminance(text)].sort((a, b) => a - b);
      expect((high! + 0.05) / (low! + 0.05)).toBeGreaterThanOrEqual(4.5);
    }
  });
});
