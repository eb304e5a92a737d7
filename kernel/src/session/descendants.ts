import { readFileSync } from 'node:fs';

/**
 * A process and what it has started, such as the commands of a shell, which does not pass signals on. Those that have
 * left its group are spared, as by a terminal's Ctrl-C. Elsewhere than on Linux: the process alone.
 */
export function withDescendants(pid: number, group: string | undefined = groupOf(pid)): number[] {
  const own = childrenOf(pid).filter((child) => groupOf(child) === group);
  return [pid, ...own.flatMap((child) => withDescendants(child, group))];
}

function childrenOf(pid: number): number[] {
  return read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
}

/** The name, in brackets, may hold blanks and brackets itself. */
function groupOf(pid: number): string | undefined {
  const stat = read(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2];
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    // It has ended, or this is no Linux.
    return '';
  }
}
