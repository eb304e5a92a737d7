import { describe, expect, it } from 'vitest';
import { isComplete } from './isComplete';

const indentAfter = (code: string): string | undefined => {
  const answer = isComplete(code);
  return answer.status === 'incomplete' ? answer.indent : undefined;
};

describe('isComplete', () => {
  it.each([
    '1 + 1',
    '',
    '  \n',
    '// a comment',
    '/* a comment */',
    'const a = 1',
    'let x: number[] = [1,\n2]',
    'function f() {\n  return 1;\n}',
    'function f() {\n  return 1;\n}\n\n',
    'if (a) {\n}\n',
    'if (a) b; else c',
    'await f()',
    'for await (const x of y) {}',
    'import { a } from "b"',
    'import b from "b"\nexport const c = b;',
    '`a\n$' + '{1 + `{`}\n`',
    '/[{(]/.test("}")',
    'const f = <T,>(a: T) => a',
    'x as const',
    'type A = { a: 1 }',
    '"two \\\n lines"',
    // Errors of the checker, not of the grammar: the cell says them when it runs.
    'const a: number = "a"',
    'undeclared',
  ])('%j is complete', (code) => {
    expect(isComplete(code)).toEqual({ status: 'complete' });
  });

  it.each([
    'f(',
    'f(1,',
    '[1,\n',
    'const x =',
    'const',
    'const x: ',
    'type A =',
    'interface A',
    'x as',
    'function f() {',
    'function f() {\n\n',
    'function f(',
    'class A {\n  m() {\n  }\n',
    '(a, b) =>',
    'const f = (a: number,',
    '({ a }: T,',
    'async ({ a }: T,',
    'if (a)',
    'if (a) b; else',
    'do b()',
    'try { a() }',
    'try { a() } catch (e) {',
    'switch (a) {\n  case 1:',
    'for (const a of',
    'for await (const x of y) {',
    'import { a',
    'import { a } from',
    'import a',
    'export',
    '1 +',
    'a &&\n\n',
    'a ? b',
    'a.',
    'a?.',
    'new',
    'throw',
    'await',
    'await f(',
    '@decorated',
    '`a',
    '`a\n\n',
    '`${',
    '`${a',
    '`$' + '{a}',
    '/* a',
    '/** a\n',
    '"two \\\n',
    'f("(", /[)]/,',
    '{ a: 1,',
    '{\n  "a": 1,\n  b:',
  ])('%j goes on', (code) => {
    expect(isComplete(code).status).toBe('incomplete');
  });

  it.each([
    '}',
    'f)',
    'f(]',
    'var x = ;',
    'a b',
    '{ "a": 1; ',
    '"abc',
    '"abc\nf(',
    '/abc',
    'const 1 = 2',
    'function f() { return ] }',
    'if (a) { b) ',
    'class { ) ',
    'import { a } frm "b"',
  ])('%j is beyond repair', (code) => {
    expect(isComplete(code)).toEqual({ status: 'invalid' });
  });

  it.each([
    ['function f() {', '  '],
    ['function f() {\n  if (a) {', '    '],
    ['function f() {\n  a();', '  '],
    ['function f() {\n  if (a) {\n    b();\n  }', '  '],
    ['function f() {\n  a();\n\n', '  '],
    ['f(\n  1,', '  '],
    ['const x =', '  '],
    ['a &&', '  '],
    ['if (a) b; else', '  '],
    ['x.map((y) =>', '  '],
    ['function f() {\n    if (a) {', '        '],
    ['function f() {\n\tif (a) {', '\t\t'],
    ['f({ a: [', '  '],
  ])('after %j the indent is %j', (code, indent) => {
    expect(indentAfter(code)).toBe(indent);
  });

  it('inside a template no indent becomes part of the text', () => {
    expect(indentAfter('function f() {\n  return `a')).toBe('');
    expect(indentAfter('`a $' + '{f(\n  1)} b')).toBe('');
  });

  it('a hole of a template is indented like code', () => {
    expect(indentAfter('`a ${')).toBe('  ');
  });

  it('lone surrogates and a megabyte of text are judged, too', () => {
    expect(isComplete('"\ud800"').status).toBe('complete');
    expect(isComplete('const a = "\ud800" +').status).toBe('incomplete');
    expect(isComplete('f();\n'.repeat(2e5)).status).toBe('complete');
  });
});
