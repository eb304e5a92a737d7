import child from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';

/**
 * Tells when this thread waits for a child process, so that an interrupt knows to end that: no code runs here then, and
 * the inspector is not heard either.
 */
export function tellOfChildren(tell: (blocked: boolean) => void): void {
  for (const name of ['spawnSync', 'execSync', 'execFileSync'] as const) {
    const plain = child[name] as (...args: unknown[]) => unknown;
    const telling = function (this: unknown, ...args: unknown[]): unknown {
      tell(true);
      try {
        return plain.apply(this, args);
      } finally {
        tell(false);
      }
    };
    Object.defineProperty(telling, 'name', { value: name });
    Object.assign(child, { [name]: telling });
  }
  syncBuiltinESMExports();
}
