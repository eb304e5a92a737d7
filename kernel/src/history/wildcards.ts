/**
 * Whether a text as a whole fits a pattern in which `*` stands for any text and `?` for one character. Goes back to the
 * last star only, so that no pattern takes longer than the product of both lengths.
 */
export function fits(pattern: string, text: string): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  for (let place = 0; place < text.length; ) {
    if (pattern[at] === '*') {
      star = at++;
      resume = place;
    } else if (pattern[at] === '?' || pattern[at] === text[place]) {
      at++;
      place++;
    } else if (star >= 0) {
      at = star + 1;
      place = ++resume;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}
