/** The protocol counts characters in Unicode code points, JavaScript in UTF-16 units. */

/** @returns the offset in UTF-16 units of the given code point, at most the text's length */
export function unitsOf(text: string, codePoints: number): number {
  let units = 0;
  for (let seen = 0; seen < codePoints && units < text.length; seen++)
    units += (text.codePointAt(units) ?? 0) > 0xffff ? 2 : 1;
  return units;
}

/** @returns how many code points lie before the given offset in UTF-16 units */
export function codePointsOf(text: string, units: number): number {
  let codePoints = 0;
  for (let at = 0; at < units && at < text.length; codePoints++)
    at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  return codePoints;
}
