import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import type { Place } from './folders';
import type { InstallOptions } from './install';

/** A mistake in what was typed: shown in one line, without a stack. */
export class UsageError extends Error {
  override readonly name = 'UsageError' as const;
}

export type Command =
  | { command: 'install'; options: InstallOptions }
  | { command: 'uninstall'; options: InstallOptions }
  | { command: 'help' }
  | { command: 'version' };

const OPTIONS = {
  user: { type: 'boolean' },
  prefix: { type: 'string' },
  'sys-prefix': { type: 'string' },
  name: { type: 'string' },
  'display-name': { type: 'string' },
  'node-options': { type: 'string', multiple: true },
  env: { type: 'string', multiple: true },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const;

/** What the command line asks for. @throws UsageError when it says nothing we know */
export function readArguments(args: readonly string[]): Command {
  const { values, positionals } = parse(args);
  if (values.version) return { command: 'version' };
  const [command, ...rest] = positionals;
  if (values.help || command === undefined || command === 'help') return { command: 'help' };
  if (command !== 'install' && command !== 'uninstall')
    throw new UsageError(`unknown command "${command}": expected install or uninstall`);
  if (rest.length > 0) throw new UsageError(`unexpected argument "${rest[0]}" after ${command}`);
  return { command, options: optionsOf(values) };
}

function parse(args: readonly string[]): ReturnType<typeof parsed> {
  try {
    return parsed(args);
  } catch (error) {
    // Node goes on about arguments that begin with a dash.
    throw new UsageError(error instanceof Error ? (error.message.split('. ')[0] ?? '') : String(error));
  }
}

const parsed = (args: readonly string[]) =>
  parseArgs({ args: withEmptyPrefix(args), options: OPTIONS, allowPositionals: true });

/** `--sys-prefix` may stand alone: that is an empty value for parseArgs. */
function withEmptyPrefix(args: readonly string[]): string[] {
  const alone = (next: string | undefined): boolean => next === undefined || next.startsWith('-');
  return args.map((arg, i) => (arg === '--sys-prefix' && alone(args[i + 1]) ? '--sys-prefix=' : arg));
}

type Values = ReturnType<typeof parsed>['values'];

function optionsOf(values: Values): InstallOptions {
  return {
    place: placeOf(values),
    name: values.name,
    displayName: values['display-name'],
    nodeOptions: values['node-options']?.flatMap(words),
    env: Object.fromEntries((values.env ?? []).map(variable)),
  };
}

function placeOf(values: Values): Place {
  const places = (['user', 'prefix', 'sys-prefix'] as const).filter((name) => values[name] !== undefined);
  if (places.length > 1)
    throw new UsageError(`--${places[0]} and --${places[1]} exclude each other: give one`);
  if (values.prefix !== undefined) return { prefix: notEmpty(values.prefix) };
  if (values['sys-prefix'] !== undefined) return { prefix: values['sys-prefix'] || pythonPrefix() };
  return { user: true };
}

function notEmpty(prefix: string): string {
  if (prefix === '') throw new UsageError('--prefix needs a folder, such as --prefix /usr/local');
  return prefix;
}

/** The environment of the Python on the PATH: that of Jupyter, where it was activated. */
function pythonPrefix(): string {
  for (const python of ['python', 'python3']) {
    const { status, stdout } = spawnSync(python, ['-c', 'import sys; print(sys.prefix)'], {
      encoding: 'utf8',
    });
    if (status === 0 && stdout.trim() !== '') return stdout.trim();
  }
  throw new UsageError(
    'no python was found on the PATH: name the folder, as in --sys-prefix /path/to/environment',
  );
}

const words = (text: string): string[] => text.split(/\s+/).filter(Boolean);

function variable(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError(`--env needs NAME=VALUE, got "${text}"`);
  return [text.slice(0, at), text.slice(at + 1)];
}
