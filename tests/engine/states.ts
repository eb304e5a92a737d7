import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Case } from './cases';
import { distance, norm, sizeOf } from './derivatives';
import type { Found, Report } from './everyCase';

// What each case comes to on each backend, measured in a process for each.

export const BACKENDS = ['tensorflow', 'cpu', 'wasm'] as const;
export const COLUMNS = [...BACKENDS, 'float64'] as const;

/** `exact`, `gradient only: <op>` or `refused: <op>`; and `WRONG`, which must not be. */
export type State = string;

export interface Row {
  kind: Case['kind'];
  name: string;
  states: Record<(typeof COLUMNS)[number], State>;
}

const run = promisify(execFile);

/** Every case on every backend; two processes at a time. */
export async function measured(): Promise<Row[]> {
  const native = reports('tensorflow');
  const others = reports('cpu').then(async (cpu) => ({ cpu, wasm: await reports('wasm') }));
  const [tensorflow, { cpu, wasm }] = await Promise.all([native, others]);
  return tensorflow.map(({ kind, name, eager, double }, i) => {
    const reference = double?.gradient === undefined ? eager : double;
    const on = ({ [i]: found }: Report[]) => stateOf((found as Report).eager, reference);
    const states = { tensorflow: stateOf(eager, reference), cpu: on(cpu), wasm: on(wasm) };
    return { kind, name, states: { ...states, float64: stateOf(double as Found, reference) } };
  });
}

async function reports(backend: string): Promise<Report[]> {
  const { stdout } = await run(
    process.execPath,
    ['-r', path.join(__dirname, 'typescript.cjs'), path.join(__dirname, 'everyCase.ts')],
    { env: { ...process.env, LOSSLAB_BACKEND: backend }, maxBuffer: 2 ** 26 },
  );
  return JSON.parse(stdout.slice(stdout.indexOf('[{'))) as Report[];
}

/** float32 beside double precision, relative to the size of what is compared. */
const ROUNDING = 5e-6;

export function stateOf(found: Found, reference: Found): State {
  const { gradient, product, first, second } = found;
  if (gradient === undefined) return `refused: ${opIn(first ?? '')}`;
  if (!agrees(gradient, reference.gradient)) return 'WRONG gradient';
  if (product === undefined) return `gradient only: ${opIn(second ?? '')}`;
  const wanted = Float64Array.from(reference.product ?? []);
  const size = sizeOf({ value: 0, gradient: Float64Array.from(gradient), product: wanted });
  if (product.length !== wanted.length) return 'WRONG product';
  return distance(Float64Array.from(product), wanted) <= ROUNDING * size ? 'exact' : 'WRONG product';
}

function agrees(gradient: number[], wanted: number[] | undefined): boolean {
  if (wanted === undefined || wanted.length !== gradient.length) return false;
  const exact = Float64Array.from(wanted);
  return distance(Float64Array.from(gradient), exact) <= ROUNDING * Math.max(norm(exact), 1e-3);
}

/** The op that an error names. */
const NAMING = [
  /Kernel '(\w+)' not registered/,
  /kernel (\w+), which/,
  /gradient function not found for (\w+)/,
  /^(\w+) has no gradient/,
  /^(\w+(?: to \w+)?) has no second derivative/,
  /^(\w+) has no kernel for double/,
];

function opIn(message: string): string {
  for (const pattern of NAMING) {
    const op = pattern.exec(message)?.[1];
    if (op !== undefined) return op;
  }
  return `WRONG: no op is named in "${message}"`;
}
