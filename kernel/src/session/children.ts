import child from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';
import { currentContext } from './contexts';
import { endRunning, requested } from './requests';

/**
 * Tells when this thread waits for a child process, so that an interrupt knows to end that: no code runs here then, and
 * the inspector is not heard either.
 */
export function tellOfChildren(tell: (blocked: boolean) => void): void {
  for (const name of ['spawnSync', 'execSync', 'execFileSync'] as const) {
    const plain = child[name] as (...args: unknown[]) => unknown;
    const telling = function (this: unknown, ...args: unknown[]): unknown {
      refuseWhenEnded();
      tell(true);
      try {
        return plain.apply(this, args);
      } finally {
        tell(false);
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
