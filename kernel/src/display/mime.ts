import type { Display, MimeBundle } from '../places/messages';
import { isBytes, toBytes } from './bytes';
import { toJson } from './json';
import { cut, nameOf, wellFormed } from './text';

/** Types whose values are JSON in a notebook's file (nbformat 4.5, `mimebundle`); all others are strings. */
const JSON_TYPE = /^application\/(json|.*\+json)$/;
const TEXT_TYPE = /^text\/|\+xml$|^application\/(javascript|xml|x-latex)$/;
const MIME_TYPE = /^[^\s/]+\/[^\s/]+$/;

/**
 * What the front end gets of a MIME bundle: bytes as base64, JSON checked, `text/plain` added when it is missing.
 *
 * @param who Names the bundle's origin in errors.
 * @throws TypeError when it is no MIME bundle, or a value does not fit its type
 */
export function toDisplayOf(who: string, bundle: unknown): Display {
  checkBundle(who, bundle);
  const data: MimeBundle = {};
  for (const [type, value] of Object.entries(bundle))
    if (value !== undefined) data[type] = toMimeValue(who, type, value);
  data['text/plain'] ??= plainOf(data);
  return { data, metadata: {} };
}

function checkBundle(who: string, bundle: unknown): asserts bundle is MimeBundle {
  const example = `such as { 'text/html': '<b>bold</b>' }`;
  if (typeof bundle !== 'object' || bundle === null || Array.isArray(bundle))
    throw new TypeError(`${who}: expected a MIME bundle ${example}, got ${nameOf(bundle)}`);
  const types = Object.keys(bundle);
  if (types.length === 0)
    throw new TypeError(`${who}: expected a MIME bundle ${example}, got an empty object`);
  const wrong = types.find((type) => !MIME_TYPE.test(type));
  if (wrong !== undefined)
    throw new TypeError(
      `${who}: expected a MIME bundle ${example}, but ${JSON.stringify(wrong)} is no MIME type`,
    );
}

function toMimeValue(who: string, type: string, value: unknown): unknown {
  const what = `${who}: the value of ${type}`;
  if (JSON_TYPE.test(type)) return typeof value === 'string' ? wellFormed(value) : toJson(what, value);
  if (typeof value === 'string') return wellFormed(value);
  if (isBytes(value)) {
    const { buffer, byteOffset, byteLength } = toBytes(value);
    return Buffer.from(buffer, byteOffset, byteLength).toString(TEXT_TYPE.test(type) ? 'utf8' : 'base64');
  }
  const wanted = TEXT_TYPE.test(type) ? 'a string' : 'a string (base64) or a Uint8Array';
  throw new TypeError(`${what} must be ${wanted}, got ${nameOf(value)}`);
}

const PLAIN_LENGTH = 10_000;

/** What a console shows of a bundle without `text/plain`: its source, its words, or at least its type. */
function plainOf(data: MimeBundle): string {
  const { 'text/markdown': markdown, 'text/latex': latex, 'text/html': html } = data;
  for (const source of [markdown, latex]) if (typeof source === 'string') return cut(source, PLAIN_LENGTH);
  return (typeof html === 'string' && wordsOf(html)) || `[${Object.keys(data).join(', ')}]`;
}

const DECODED: Record<string, string> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&nbsp;': ' ',
};

/** The words between the tags: for reading, never for putting back into a page. */
function wordsOf(html: string): string {
  const text = html
    .slice(0, 10 * PLAIN_LENGTH)
    .replace(/<(script|style)\b.*?<\/\1\s*>/gis, '')
    .replace(/<[^<>]*>/g, ' ')
    .replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (entity) => DECODED[entity] ?? entity);
  return cut(text.replace(/\s+/g, ' ').trim(), PLAIN_LENGTH);
}
