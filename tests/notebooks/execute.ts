import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { inRoot, jupyterEnvironment, venvBin } from '../../scripts/setup/paths.mjs';

export interface Output {
  output_type: string;
  name?: string;
  text?: string | string[];
  data?: Record<string, unknown>;
}

export interface Cell {
  cell_type: string;
  source: string | string[];
  outputs?: Output[];
  [field: string]: unknown;
}

export interface Notebook {
  cells: Cell[];
  metadata: Record<string, unknown>;
  nbformat: number;
  nbformat_minor: number;
}

export interface Executed {
  notebook: Notebook;
  /** How each code cell ended that was run, in order; those after a cell that failed are missing. */
  replies: { cell: number; status: string }[];
}

export interface ExecuteOptions {
  /** The working folder of the kernel: imports resolve from there. Default: `notebooks/`. */
  cwd?: string;
  kernel?: string;
  /** Seconds for one cell. */
  timeout?: number;
  env?: Record<string, string>;
}

/** Runs a notebook through a real kernel, headless, with nbclient. */
export async function execute(
  notebook: Notebook,
  { cwd = inRoot('notebooks'), kernel = 'losslab', timeout = 300, env = {} }: ExecuteOptions = {},
): Promise<Executed> {
  const python = spawn(venvBin('python'), [inRoot('tests', 'notebooks', 'execute.py')], {
    cwd,
    env: { ...process.env, ...jupyterEnvironment(), ...env },
  });
  python.stdin.end(JSON.stringify({ kernel, timeout, notebook }));
  const ended = new Promise<number | null>((resolve, reject) => {
    python.on('error', reject).on('close', resolve);
  });
  const [out, problems, status] = await Promise.all([text(python.stdout), text(python.stderr), ended]);
  if (status !== 0) throw new Error(`nbclient ended with ${status}:\n${problems}`);
  return JSON.parse(out);
}

/** A notebook of these code cells. */
export function notebookOf(sources: string[]): Notebook {
  const cells = sources.map((source) => ({
    cell_type: 'code',
    source,
    metadata: {},
    outputs: [],
    execution_count: null,
  }));
  return { cells, metadata: {}, nbformat: 4, nbformat_minor: 4 };
}

/** The cells that did not end well, each with what it printed: empty when the notebook ran to its end. */
export function failures({ notebook, replies }: Executed): string[] {
  return replies
    .filter(({ status }) => status !== 'ok')
    .map(({ cell, status }) => `cell ${cell}: ${status}\n${printed(notebook.cells[cell])}`);
}

/** What a cell wrote to stdout and stderr. */
export function printed(cell: Cell | undefined): string {
  return (cell?.outputs ?? [])
    .filter(({ output_type }) => output_type === 'stream')
    .map((output) => [output.text ?? ''].flat().join(''))
    .join('');
}
