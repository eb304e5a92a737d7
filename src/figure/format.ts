/**
 * A number as a reader wants it: `0.0123`, `1,797`, `2.5×10⁻⁷`.
 * @param digits Significant digits, 3 by default: what an isoline's label needs.
 */
export function formatNumber(x: number, digits = 3): string {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? 'NaN' : x > 0 ? '∞' : '−∞';
  const rounded = Number(x.toPrecision(digits));
  const size = Math.abs(rounded);
  if (size !== 0 && (size >= 1e5 || size < 1e-3)) return scientific(rounded);
  return decimals(rounded);
}

/** A whole number with thousands apart: `1,797`. */
export function formatCount(n: number): string {
  return String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A count with its noun: `1 point`, `2,600 points`. */
export function counted(n: number, noun: string): string {
  return `${formatCount(n)} ${noun}${n === 1 ? '' : 's'}`;
}

/** `softmaxCrossEntropy` as words: `softmax cross entropy`. */
export function words(name: string): string {
  return name.replace(
    /([a-z0-9])([A-Z])/g,
    (_, end: string, start: string) => `${end} ${start.toLowerCase()}`,
  );
}

/** As many digits (2, 3 or more) as keep the numbers apart when written. */
export function distinctTexts(values: number[]): string[] {
  for (let digits = 2; digits < 9; digits++) {
    const texts = values.map((x) => formatNumber(x, digits));
    const exact = values.every((x) => Math.abs(Number(x.toPrecision(digits)) - x) <= 1e-9 * Math.abs(x));
    if ((exact || digits >= 3) && new Set(texts).size === values.length) return texts;
  }
  return values.map((x) => formatNumber(x, 9));
}

function decimals(x: number): string {
  const text = String(Math.abs(x));
  const [whole, fraction] = text.split('.');
  const grouped = Math.abs(x) >= 10_000 ? formatCount(Number(whole)) : whole!;
  return `${x < 0 ? '−' : ''}${grouped}${fraction === undefined ? '' : `.${fraction}`}`;
}

function scientific(x: number): string {
  const [mantissa, exponent] = x.toExponential().split('e');
  const power = `10${superscript(Number(exponent))}`;
  const sign = x < 0 ? '−' : '';
  const size = mantissa!.replace('-', '');
  return size === '1' ? `${sign}${power}` : `${sign}${size}×${power}`;
}

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

function superscript(n: number): string {
  const digits = String(Math.abs(n)).replace(/\d/g, (d) => SUPERSCRIPTS[Number(d)]!);
  return n < 0 ? `⁻${digits}` : digits;
}
