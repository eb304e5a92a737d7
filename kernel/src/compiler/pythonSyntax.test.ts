import { describe, expect, it } from 'vitest';
import { TestSession } from '../../../tests/kernel/cells';

const session = new TestSession('/');

const textOf = (code: string): string => {
  const reply = session.compile(code);
  return reply.ok ? '' : reply.text;
};

describe('a cell that is no TypeScript', () => {
  it.each([
    ['# note\n1 + 1', 'comments begin with //'],
    ['%matplotlib inline', 'comments begin with //'],
    ['pip install numpy', 'execSync'],
    ['def f(x):\n  return x', 'function f(x) { … }'],
    ['lambda x: x + 1', '(x) => x + 1'],
    ['from os import path', 'import { mean } from'],
    ['import numpy as np', 'import * as math'],
    ['if x > 1:\n  console.log(x)', 'blocks in braces'],
    ['for i in range(3):\n  console.log(i)', 'blocks in braces'],
    ['[i for i in range(3)]', 'xs.map'],
    ['const a = 3 if true else 4', 'condition ? a : b'],
    ['f"x is {x}"', 'between backticks'],
    ['true and false', '&& and ||'],
    ['class Cat:\n  x = 1', 'class Cat extends'],
    ['if (1) {\n  2\n} elif (2) {\n  3\n}', 'else if'],
    ['raise ValueError("x")', 'throw new Error'],
    ['print "x"', 'console.log(…) prints'],
    ['const x = 1;\ndel x', 'delete object.key'],
    ['const part = [1, 2, 3][1:3]', 'xs.slice(1, 3)'],
    ['const xs = [1, 2];\nxs[:1]', 'xs.slice(1, 3)'],
    ['const ys = [[1, 2]];\nys[0][1:]', 'xs.slice(1, 3)'],
    ['const x = 3 # set x', 'Comments begin with //'],
    ['{ "a": 1 }\n2', '({ a: 1 })'],
    ['console.log(“a”)', 'straight'],
    ['while True:\n  1', 'while (true) { … }'],
    ['while x < 3:\n  1', 'blocks in braces'],
    ['?display', 'display?'],
    ['??Math.max', 'display?'],
  ])('%s gets the help that its author needs', (code, help) => {
    expect(textOf(code)).toContain(help);
  });

  it.each([
    "const text = 'if or else, and not';\nconst a = ;",
    'if (true) { 1',
    'console.log("this and that"',
    'const t = true ? "if" : "or" );',
    'if (true) { 1 } else }',
    'const [a, b = 1',
    'const xs = [1, 2];\nxs[true ? 0 : 1',
    'throw new Error("in f") + ;',
  ])('%s gets none, as no line of Python is wrong', (code) => {
    const help = textOf(code).split('\n').at(-1);
    expect(help).toMatch(/^[ >]|\|/);
  });
});
