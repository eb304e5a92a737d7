import { describe, expect, it } from 'vitest';
import { tableHtml, tableOf, tablePlain } from './table';
import { toDisplay } from './toDisplay';

const people = [
  { name: 'Ann', age: 31 },
  { name: 'Bob', age: 7 },
];

describe('an array of objects with the same keys is a table', () => {
  it('in HTML with a head and numbered rows', () => {
    expect(tableHtml(tableOf(people)!)).toBe(
      '<table><thead><tr><th></th><th>name</th><th>age</th></tr></thead><tbody>' +
        '<tr><th>0</th><td>Ann</td><td>31</td></tr><tr><th>1</th><td>Bob</td><td>7</td></tr></tbody></table>',
    );
  });

  it('in plain text as console.table shows it', () => {
    const lines = tablePlain(tableOf(people)!).split('\n');
    expect(lines).toHaveLength(6);
    expect(lines[1]).toMatch(/^│ \(index\) │ +name +│ +age +│$/);
    expect(lines[3]).toMatch(/^│ +0 +│ +'Ann' +│ +31 +│$/);
  });

  it('is what toDisplay shows, in both forms', () => {
    expect(Object.keys((toDisplay(people) as { data: object }).data)).toEqual(['text/html', 'text/plain']);
  });

  it('escapes names and values', () => {
    const html = tableHtml(tableOf([{ '<a>': `<script>"&'` }])!);
    expect(html).toContain('<th>&lt;a&gt;</th>');
    expect(html).toContain('<td>&lt;script&gt;&quot;&amp;&#39;</td>');
  });

  it('shows the first 20 rows and columns, and says of how many', () => {
    const wide = Array.from({ length: 1500 }, (_, row) =>
      Object.fromEntries(Array.from({ length: 30 }, (_, column) => [`c${column}`, row * column])),
    );
    const table = tableOf(wide)!;
    expect(table.note).toBe('… 20 of 1,500 rows, 20 of 30 columns');
    expect(tableHtml(table).match(/<tr>/g)).toHaveLength(21);
    expect(tableHtml(table)).toMatch(/<p>… 20 of 1,500 rows, 20 of 30 columns<\/p>$/);
    expect(tablePlain(table)).toMatch(/… 20 of 1,500 rows, 20 of 30 columns$/);
    expect(tablePlain(table)).not.toContain('c20');
  });

  it('cuts long texts, leaves missing values empty, shows what is nested in short', () => {
    const rows = [
      { a: 'x'.repeat(1000), b: null, c: [1, 2] },
      { a: 'y', b: undefined, c: { d: { e: 1 } } },
      { a: 'z' },
    ];
    const html = tableHtml(tableOf(rows.map((row) => ({ id: 1, ...row })))!);
    expect(html).toContain(`<td>${'x'.repeat(200)}…</td><td>null</td><td>[ 1, 2 ]</td>`);
    expect(html).toContain('<td>y</td><td></td><td>{ d: [Object] }</td>');
    expect(html).toContain('<td>z</td><td></td><td></td></tr>');
  });

  it('does not run getters', () => {
    let ran = false;
    const rows = [
      {
        a: 1,
        get b() {
          ran = true;
          return 2;
        },
      },
    ];
    expect(tableHtml(tableOf(rows)!)).toContain('<td>[Getter]</td>');
    expect(tablePlain(tableOf(rows)!)).toContain('│ [Getter] │');
    expect(ran).toBe(false);
  });
});

describe('other arrays are not tables', () => {
  it.each([
    ['empty', []],
    ['of numbers', [1, 2]],
    ['with a number among them', [{ a: 1 }, 2]],
    ['of empty objects', [{}, {}]],
    ['of class instances', [new Date(), new Date()]],
    ['of arrays', [[1], [2]]],
    ['without shared keys', [{ a: 1 }, { b: 1 }]],
    ['mostly nested', [{ a: { b: 1 }, c: { d: 1 }, e: 1 }]],
    ['of objects that show themselves', [{ a: 1, [Symbol.for('Jupyter.display')]: () => ({}) }]],
    ['with a hole', Object.assign(new Array(3), { 0: { a: 1 } })],
  ])('%s', (_name, value) => {
    expect(tableOf(value)).toBeUndefined();
  });

  it('objects without a prototype and of other realms are plain', () => {
    expect(tableOf([Object.assign(Object.create(null), { a: 1 })])).toBeDefined();
  });
});
