import child from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';
import { setTimeout } from 'node:timers';
import { currentContext, ownContext } from './contexts';
import { withDescendants } from './descendants';
import { endRunning, requested } from './requests';

/** Node's own, which no context ends. */
const later = setTimeout;

/**
 * Tells when this thread waits for a child process, so that an interrupt knows to end that: no code runs here then, and
 * the inspector is not heard either. What the child has `printed` comes before what is printed after it.
 */
export function tellOfChildren(tell: (blocked: boolean) => void, printed: () => void): void {
  for (const name of ['spawnSync', 'execSync', 'execFileSync'] as const) {
    const plain = child[name] as (...args: unknown[]) => unknown;
    const telling = function (this: unknown, ...args: unknown[]): unknown {
      refuseWhenEnded();
      tell(true);
      try {
        return plain.apply(this, args);
      } finally {
        tell(false);
        printed();
        refuseWhenEnded();
      }
    };
    Object.defineProperty(telling, 'name', { value: name });
    Object.assign(child, { [name]: telling });
  }
  syncBuiltinESMExports();
}

/** Code that was interrupted while it waited for a child shall neither tell of its end nor start the next. */
function refuseWhenEnded(): void {
  if (requested()) endRunning();
  const ended = currentContext()?.ended;
  if (ended !== undefined) throw ended;
}

/** Those that run: they end with the kernel. */
const children = new Set<child.ChildProcess>();

/** How long (milliseconds) a child has for its own end. */
const GRACE = 1000;

interface Spawning {
  spawn(this: child.ChildProcess, options: { detached?: boolean }): unknown;
}

/**
 * Gives child processes that run beside the cell to its context: an interrupt reaches them, as it does in a terminal.
 * Those that were started `detached` are left alone.
 */
export function ownChildren(): void {
  const prototype = child.ChildProcess.prototype as unknown as Spawning;
  const { spawn } = prototype;
  prototype.spawn = function (options) {
    const failed = spawn.call(this, options);
    if (!failed && options.detached !== true) own(this);
    return failed;
  };
}

function own(one: child.ChildProcess): void {
  const context = ownContext();
  children.add(one);
  const waiter = context?.waiters.add(() => end(one));
  one.once('exit', () => {
    children.delete(one);
    if (waiter !== undefined) context?.waiters.remove(waiter);
  });
  if (context?.ended !== undefined) end(one);
}

function end(one: child.ChildProcess): void {
  // Found before the first signal: what a shell has started has another parent when the shell is gone.
  const all = familyOf(one);
  signal(all, 'SIGINT');
  later(() => signal(all, 'SIGTERM'), GRACE).unref();
}

/** To be called when the kernel ends. */
export function endChildren(): void {
  signal([...children].flatMap(familyOf), 'SIGTERM');
}

function familyOf({ pid }: child.ChildProcess): number[] {
  return pid === undefined ? [] : withDescendants(pid);
}

function signal(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids)
    try {
      process.kill(pid, name);
    } catch {
      // It has ended.
    }
}
