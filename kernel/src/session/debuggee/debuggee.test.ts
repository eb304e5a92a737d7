import { describe, expect, it } from 'vitest';
import type { Variable } from '../../places/debuggee';
import { Boxes } from '../boxes';
import { Looking } from './debuggee';

/** A notebook with these variables. */
function notebook(variables: Record<string, unknown>): { looking: Looking; boxes: Boxes } {
  const boxes = new Boxes();
  for (const [name, value] of Object.entries(variables)) boxes.get(name).v = value;
  return { looking: new Looking(boxes), boxes };
}

const shown = (list: Variable[]): Record<string, string> =>
  Object.fromEntries(list.map(({ name, value }) => [name, value]));

describe('the variables of a notebook', () => {
  it('are those that have a value, each in one short line', () => {
    const { looking } = notebook({
      a: 1,
      b: undefined,
      text: 'x'.repeat(500),
      deep: { a: { b: [1, 2, 3] } },
    });
    const { a, b, text, deep } = shown(looking.session());
    expect([a, b, deep]).toEqual(['1', undefined, '{ a: { b: [ 1, 2, 3 ] } }']);
    expect(text).toHaveLength(201);
  });

  it('show a tensor as a cell does', () => {
    const tensor = {
      dtype: 'float32',
      shape: [2],
      size: 2,
      isDisposed: false,
      dataSync: () => new Float32Array([1, 2]),
      dispose() {},
    };
    const { looking } = notebook({ tensor });
    expect(looking.session()[0]?.value).toMatch(/^Tensor float32 \[2\] .*1.*2/);
  });

  it('unfold until the references are forgotten', () => {
    const { looking } = notebook({ point: { x: 1, y: [2] } });
    const reference = looking.session()[0]?.variablesReference ?? 0;
    expect(shown(looking.variables(reference))).toEqual({ x: '1', y: '[ 2 ]' });
    looking.forget();
    expect(looking.variables(reference)).toEqual([]);
  });

  it('a million numbers unfold in parts of a hundred', () => {
    const { looking } = notebook({ many: new Float64Array(1_000_001).fill(7) });
    const parts = looking.variables(looking.session()[0]?.variablesReference ?? 0);
    expect(parts).toHaveLength(2);
    expect(parts.map(({ name }) => name)).toEqual(['[0 … 999999]', '[1000000 … 1000000]']);
    const inner = looking.variables(parts[0]?.variablesReference ?? 0);
    expect(inner).toHaveLength(100);
    expect(inner[99]?.name).toBe('[990000 … 999999]');
  });
});

describe('an expression at a breakpoint', () => {
  it('reaches and assigns the notebook’s variables, and leaves no global behind', () => {
    const { looking, boxes } = notebook({ reached: 1 });
    const expression = new Function('return reached += 1') as () => unknown;
    expect(looking.evaluate(expression)).toMatchObject({ ok: true, result: '2' });
    expect(boxes.get('reached').v).toBe(2);
    expect('reached' in globalThis).toBe(false);
  });

  it('gives globals back that a variable has hidden', () => {
    const before = globalThis.performance;
    const { looking } = notebook({ performance: 'mine', undefined: 1 });
    expect(looking.evaluate(() => globalThis.performance)).toMatchObject({ result: '"mine"' });
    expect(globalThis.performance).toBe(before);
  });

  it('says what it threw; a condition that throws does not hold', () => {
    const { looking } = notebook({});
    const fails = (): never => {
      throw new RangeError('too far');
    };
    expect(looking.evaluate(fails)).toEqual({ ok: false, message: 'RangeError: too far' });
    expect(looking.holds(fails)).toBe(false);
  });
});

describe('the variables of a function', () => {
  it('are those of the user, without what the compiler has put among them', () => {
    const boxes = new Boxes();
    const f = (): void => {};
    boxes.get('f').v = f;
    const scope = Object.assign(Object.create(null), {
      ...{ $: boxes.get, $await: f, $x: boxes.get('x'), require, f, __decorate: f },
      ...{ $price: 3, local: 1, g: f },
    });
    const looking = new Looking(boxes);
    const variables = looking.variables(looking.hold([scope, { local: 'hidden', outer: 2 }]));
    expect(variables.map(({ name, evaluateName }) => [name, evaluateName])).toEqual([
      ['$price', '$price'],
      ['local', 'local'],
      ['g', 'g'],
      ['outer', 'outer'],
    ]);
  });
});
