/** How often (milliseconds) the kernel looks whether the program that started it still lives. */
const EVERY = 500;

/**
 * Calls `onOrphaned` once when the program that started this kernel is gone. Jupyter names it in JPY_PARENT_PID; a
 * parent that has changed tells the same, also where the number has been given to another program since.
 */
export function watchParent(onOrphaned: () => void): void {
  const named = Number(process.env.JPY_PARENT_PID);
  if (!Number.isInteger(named) || named <= 1) return;
  const started = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === started && lives(named)) return;
    clearInterval(timer);
    onOrphaned();
  }, EVERY);
  timer.unref();
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
