/** Cells of text; a column of whole numbers is aligned to the right. */
export interface Table {
  head: readonly string[];
  rows: readonly (readonly string[])[];
}

/**
 * For notebooks: their own style of tables, in whichever theme. Only attributes, since a style sheet would not survive
 * in an untrusted notebook.
 */
export function tableHtml(table: Table): string {
  const right = numeric(table);
  const row = (cells: readonly string[], tag: 'th' | 'td'): string =>
    `<tr>${cells.map((cell, i) => cellHtml(cell, tag, right[i] === true)).join('')}</tr>`;
  const body = table.rows.map((cells) => row(cells, 'td')).join('\n');
  return `<table style="margin-left: 0; margin-right: auto">\n<thead>${row(table.head, 'th')}</thead>\n<tbody>\n${body}\n</tbody>\n</table>`;
}

function cellHtml(text: string, tag: 'th' | 'td', right: boolean): string {
  const style = `text-align: ${right ? 'right' : 'left'}; vertical-align: top`;
  return `<${tag} style="${style}">${escaped(text)}</${tag}>`;
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** For terminals: columns as wide as their longest cell, a line below the head. */
export function tableText(table: Table): string {
  const right = numeric(table);
  const widths = table.head.map((_, i) =>
    Math.max(...[table.head, ...table.rows].map((row) => lengthOf(row[i]))),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => {
        const space = ' '.repeat((widths[i] ?? 0) - lengthOf(cell));
        return right[i] ? space + cell : cell + space;
      })
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width)).join('──');
  return [line(table.head), rule, ...table.rows.map(line)].join('\n');
}

const lengthOf = (text = ''): number => [...text].length;

function numeric({ head, rows }: Table): boolean[] {
  return head.map((_, i) => i > 0 && rows.every((row) => /^\d*$/.test(row[i] ?? '')));
}
