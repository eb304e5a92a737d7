/** The lines that a source map tells. In it each place is told by how far it is from the one before. */

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** Five bits a digit, one more where others follow; the lowest of all is the sign. */
const BITS = 5;
const MORE = 1 << BITS;

/** Source lines one less than they were: as only the first is told from the beginning, it alone changes. */
export function movedUp(mappings: string): string {
  const [, before, line, after] = /^(;*AA)([g-z0-9+/]*[A-Za-f])(.*)$/s.exec(mappings) ?? [];
  return line === undefined ? mappings : `${before}${encoded(decoded(line) - 1)}${after}`;
}

/** Of a number that is not negative. */
function decoded(text: string): number {
  const digits = [...text].map((digit) => DIGITS.indexOf(digit) % MORE);
  return digits.reduceRight((value, digit) => value * MORE + digit, 0) >> 1;
}

function encoded(value: number): string {
  let text = '';
  let left = value << 1;
  do {
    const digit = left % MORE;
    left >>= BITS;
    text += DIGITS[left > 0 ? digit + MORE : digit];
  } while (left > 0);
  return text;
}
