import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Case } from './cases';
import { COLUMNS, measured, type Row } from './states';

// The table of docs/engine.md: `npm run engine-table` measures and writes it anew.

const PAGE = path.join(__dirname, '..', '..', 'docs', 'engine.md');
const [BEGIN, END] = ['<!-- table -->', '<!-- end of table -->'];

const TITLES: [kind: Case['kind'], title: string][] = [
  ['layer', 'Layers'],
  ['activation', 'Activations'],
  ['loss', 'Losses'],
  ['network', 'Networks'],
];

/** One table for each kind; of the ops only those that are not exact everywhere, and a list of those that are. */
export function markdown(rows: readonly Row[]): string {
  const tables = TITLES.map(([kind, title]) => `### ${title}\n\n${tableOf(merged(rows, kind))}`);
  const ops = merged(rows, 'op');
  const others = ops.filter((row) => !isExact(row));
  const list = namesOf(ops.filter(isExact)).join(', ');
  const exact = `Exact everywhere, in each form (axes, broadcasting, padding, strides): ${list}.`;
  return [...tables, `### Ops\n\n${exact}\n\n${tableOf(others)}`].join('\n\n');
}

const isExact = ({ states }: Row): boolean => COLUMNS.every((column) => states[column] === 'exact');

/** Names without their forms, once each (`floor times x` is how a floor is examined). */
function namesOf(rows: readonly Row[]): string[] {
  const forms = / (\(|(of|over|with|times|by|along|in|at|and) ).*$/;
  return [...new Set(rows.map(({ name }) => name.replace(forms, '')))];
}

function tableOf(rows: readonly Row[]): string {
  const head = [`| | ${COLUMNS.join(' | ')} |`, `|---|${COLUMNS.map(() => '---|').join('')}`];
  const lines = rows.map(
    ({ name, states }) => `| ${name} | ${COLUMNS.map((column) => states[column]).join(' | ')} |`,
  );
  return [...head, ...lines].join('\n');
}

/** Variants of one thing (`conv1d, same`, `conv1d, valid`) share a line where their states are the same. */
function merged(rows: readonly Row[], kind: Case['kind']): Row[] {
  const groups = new Map<string, { base: string; variants: string[]; row: Row }>();
  for (const row of rows.filter((one) => one.kind === kind)) {
    const [base, ...variant] = row.name.split(', ');
    const key = JSON.stringify([base, row.states]);
    const group = groups.get(key) ?? { base: base as string, variants: [], row };
    group.variants.push(variant.join(', '));
    groups.set(key, group);
  }
  return [...groups.values()].map(({ base, variants, row }) => {
    const named = variants.filter((variant) => variant !== '');
    return { ...row, name: named.length === 0 ? base : `${base} (${named.join('; ')})` };
  });
}

export function stored(): string {
  const text = readFileSync(PAGE, 'utf8');
  return text.slice(text.indexOf(BEGIN) + BEGIN.length, text.indexOf(END)).trim();
}

async function write(): Promise<void> {
  const text = readFileSync(PAGE, 'utf8');
  const table = markdown(await measured());
  const [before, after] = [text.slice(0, text.indexOf(BEGIN)), text.slice(text.indexOf(END))];
  writeFileSync(PAGE, `${before}${BEGIN}\n${table}\n${after}`);
}

if (require.main === module) void write();
