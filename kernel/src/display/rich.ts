import type { Display } from '../places/messages';
import { toDisplayOf } from './mime';
import { escapeHtml, nameOf } from './text';

/** Where Jupyter front ends for JavaScript (this kernel, Deno's) look for a MIME bundle. */
export const DISPLAY: unique symbol = Symbol.for('Jupyter.display') as never;

/** What `jupyter.html`, `.md`, `.svg` and `.latex` make: text of one type, shown as that. */
export class Markup {
  readonly type: string;
  readonly text: string;

  constructor(type: string, text: string) {
    this.type = type;
    this.text = text;
  }

  toString(): string {
    return this.text;
  }

  toDisplay(): Display {
    return toDisplayOf(this.type, { [this.type]: this.text });
  }
}

showsItself(Markup);

/**
 * Gives the instances of a class of ours the method that libraries look for. Not in the class, as a declaration file
 * of one with a computed name can not be made from its text alone.
 */
export function showsItself(type: { prototype: { toDisplay(): Display } }): void {
  const value = function (this: { toDisplay(): Display }): Record<string, unknown> {
    return this.toDisplay().data;
  };
  Object.defineProperty(type.prototype, DISPLAY, { value, configurable: true, writable: true });
}

/** A template tag that takes a plain text as well: the whole text is then of its type. */
export type Tag = (template: TemplateStringsArray | string, ...values: unknown[]) => Markup;

/** HTML. Values are escaped, but for those that are HTML or SVG themselves; arrays are joined, null and undefined empty. */
export const html: Tag = tag('jupyter.html', 'text/html', cooked, toHtml);

/** SVG; values as in `html`. */
export const svg: Tag = tag('jupyter.svg', 'image/svg+xml', cooked, toHtml);

/** Markdown. Backslashes stay as they are, so that formulas can be written; a backtick is written `\``. */
export const md: Tag = tag('jupyter.md', 'text/markdown', unquoted, toText);

/** LaTeX; what has no `$` or `\begin` of its own becomes a displayed formula. Backslashes stay as they are. */
export function latex(template: TemplateStringsArray | string, ...values: unknown[]): Markup {
  const { type, text } = plainLatex(template, ...values);
  return new Markup(type, /\$|\\\(|\\\[|\\begin\b/.test(text) ? text : `$$${text}$$`);
}

const plainLatex: Tag = tag('jupyter.latex', 'text/latex', ({ raw }) => raw, toText);

type Strings = (template: TemplateStringsArray) => readonly string[];

function tag(who: string, type: string, strings: Strings, text: (value: unknown) => string): Tag {
  return (template, ...values) => {
    if (typeof template === 'string') return new Markup(type, template);
    if (!Array.isArray(template) || !Array.isArray(template.raw))
      throw new TypeError(`${who}: expected a template or a string, got ${nameOf(template)}`);
    const pieces = strings(template).map((piece, at) => (at === 0 ? '' : text(values[at - 1])) + piece);
    return new Markup(type, pieces.join(''));
  };
}

/** With escapes read as JavaScript reads them; a piece with one that JavaScript lacks stays raw. */
function cooked(template: TemplateStringsArray): string[] {
  return template.map((piece, at) => piece ?? template.raw[at] ?? '');
}

function unquoted(template: TemplateStringsArray): string[] {
  return template.raw.map((piece) => piece.replace(/\\`/g, '`'));
}

const isHtml = (value: unknown): value is Markup =>
  value instanceof Markup && ['text/html', 'image/svg+xml'].includes(value.type);

function toHtml(value: unknown): string {
  if (Array.isArray(value)) return value.map(toHtml).join('');
  return isHtml(value) ? value.text : escapeHtml(toText(value));
}

function toText(value: unknown): string {
  if (Array.isArray(value)) return value.map(toText).join('');
  return value === null || value === undefined ? '' : String(value);
}
