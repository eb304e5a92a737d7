import vm from 'node:vm';
import { PAUSE_FILE } from '../../places/debuggee';

let isWanted = false;
let stand: (() => void) | undefined;

export function wantPause(wanted: boolean): void {
  isWanted = wanted;
}

/** Stands still, if a debugger is attached: in a script of its own, as V8 is told to step over the kernel's. */
export function pauseIfWanted(): void {
  if (!isWanted) return;
  isWanted = false;
  stand ??= vm.runInThisContext('(function () { debugger; })', { filename: PAUSE_FILE }) as () => void;
  stand();
}
