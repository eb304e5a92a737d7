const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as HTML shows it, inside an element or a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** Halves of surrogate pairs are no text: JSON would carry them as far as the notebook's file, which then can not be saved. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd');
}

/** At most so many characters, and a sign that there were more. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length).replace(/[\ud800-\udbff]$/, '')}…`;
}

let formatter: Intl.NumberFormat | undefined;

/** `1,234,567`. Made when first used: ICU's tables take 10 MB. */
export function count(n: number): string {
  formatter ??= new Intl.NumberFormat('en');
  return formatter.format(n);
}

/** What came, for an error message: `undefined`, `a string`, `an array`, `a Plot`. */
export function nameOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value !== 'object') return `a ${typeof value}`;
  const name = className(value);
  if (name === 'Array' || name === 'Object') return `an ${name.toLowerCase()}`;
  return /^(?!Uint)[AEIOU]/.test(name) ? `an ${name}` : `a ${name}`;
}

/** The class of an object, `Object` when it has none or hides it. */
export function className(value: unknown): string {
  try {
    const made = (value as { constructor?: { name?: unknown } }).constructor?.name;
    return typeof made === 'string' && made !== '' ? made : 'Object';
  } catch {
    return 'Object';
  }
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? error.message : String(error);
  } catch {
    return 'something that can not be shown was thrown';
  }
}
