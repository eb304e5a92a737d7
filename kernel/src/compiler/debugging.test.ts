import { describe, expect, it } from 'vitest';
import { asJavaScript, breakableLines } from './debugging';

describe('the lines where a debugger can stop', () => {
  it.each([
    ['statements, not what surrounds them', 'if (a) {\n  b();\n} else {\n\n  c();\n}', [1, 2, 5]],
    [
      'no types, comments, imports and declarations',
      "// x\nimport a from 'a';\ntype T = 1;\ninterface I { x: 1 }\ndeclare const b: T;\nlet c: T;\nc = 1;",
      [7],
    ],
    ['the bodies of functions, not their heads', 'function f() {\n  return 1;\n}', [2]],
    ['arrow functions that are but an expression', 'const f = xs.map(\n  (x) =>\n    x + 1,\n);', [1, 3]],
    [
      'classes, and what their fields begin with',
      'class A {\n  a: number;\n  b = 1;\n  m() {\n    return 1;\n  }\n}',
      [1, 3, 5],
    ],
    ['cases and what they do', 'switch (a) {\n  case 1:\n    b();\n}', [1, 3]],
    ['code that is not right either', 'const a = ;\nb(', [1, 2]],
  ])('are %s', (_, code, lines) => {
    expect(breakableLines(code)).toEqual(lines);
  });
});

describe('what a person types at a breakpoint', () => {
  it.each([
    ['x as number', /^\(?x\s*\)?;$/],
    ['{ a: 1 }', /^\(\{ a: 1 \}\s*\);?$/],
    ['const y: number = x; y', /^const y = x;\s*y;$/],
    ['f<string>(x!)', /^\(f\(x\)\s*\);?$/],
  ])('%s is JavaScript without its types', (code, javaScript) => {
    expect(asJavaScript(code).trim()).toMatch(javaScript);
  });

  it('that is no code at all stays what it is, for V8 to say what is wrong', () => {
    expect(() => new Function(asJavaScript('a +'))).toThrow(SyntaxError);
  });
});
