import { describe, expect, it } from 'vitest';
import { html, latex, type Markup, md, svg } from './rich';
import { toDisplay } from './toDisplay';

const shown = (value: unknown) => (toDisplay(value) as { data: Record<string, string> }).data;
const text = (markup: Markup) => markup.text;

describe('jupyter.html', () => {
  it('escapes what is put in, in text and in attributes', () => {
    const evil = `"><script>alert('x')</script>&`;
    expect(text(html`<a title="${evil}">${evil}</a>`)).toBe(
      '<a title="&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;">' +
        '&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;</a>',
    );
  });

  it('does not escape HTML and SVG of its own making, nor arrays of them', () => {
    const items = ['a', '<'].map((each) => html`<li>${each}</li>`);
    expect(text(html`<ul>${items}</ul>${svg`<svg/>`}`)).toBe('<ul><li>a</li><li>&lt;</li></ul><svg/>');
  });

  it('escapes Markdown and what only looks like its own', () => {
    expect(text(html`${md`<b>`}${{ type: 'text/html', text: '<b>', toString: () => '<i>' }}`)).toBe(
      '&lt;b&gt;&lt;i&gt;',
    );
  });

  it('leaves null and undefined out, and writes numbers and booleans', () => {
    expect(text(html`${null}${undefined}${0}${false}`)).toBe('0false');
  });

  it('takes a plain text as a whole', () => {
    expect(text(html('<b>as it is</b>'))).toBe('<b>as it is</b>');
  });

  it('of something else says what was expected', () => {
    expect(() => html(3 as never)).toThrow('jupyter.html: expected a template or a string, got a number');
  });

  it('shows itself, its words in plain text', () => {
    const shownBySymbol = html`<b>1</b>` as unknown as Record<symbol, () => unknown>;
    expect(shownBySymbol[Symbol.for('Jupyter.display')]!()).toHaveProperty(['text/html'], '<b>1</b>');
    expect(shown(html`<b>1 &lt; ${2}</b>`)).toEqual({
      'text/html': '<b>1 &lt; 2</b>',
      'text/plain': '1 < 2',
    });
  });
});

describe('jupyter.svg', () => {
  it('escapes as HTML does, and shows itself as an image', () => {
    expect(shown(svg`<svg><text>${'<'}</text></svg>`)).toEqual({
      'image/svg+xml': '<svg><text>&lt;</text></svg>',
      'text/plain': '[image/svg+xml]',
    });
  });
});

describe('jupyter.md', () => {
  it('keeps the backslashes of formulas, and takes escaped backticks', () => {
    const source = md`# ${'a'}: $\frac{1}{\nu}$ \`code\``;
    expect(shown(source)).toEqual({
      'text/markdown': '# a: $\\frac{1}{\\nu}$ `code`',
      'text/plain': '# a: $\\frac{1}{\\nu}$ `code`',
    });
  });
});

describe('jupyter.latex', () => {
  it('makes a displayed formula of a bare one', () => {
    expect(shown(latex`\frac{1}{${2}}`)['text/latex']).toBe('$$\\frac{1}{2}$$');
  });

  it.each(['$a$ and text', '\\begin{align}a\\end{align}', '\\(a\\)', '\\[a\\]'])(
    'leaves %s as it is',
    (source) => {
      expect(text(latex(source))).toBe(source);
    },
  );
});
