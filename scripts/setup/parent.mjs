/**
 * Ends us, as SIGTERM does, when the npm that runs us is ended: npm passes the signal to the shell between
 * us, and that dies without passing it on. Windows keeps the parent's number, so nothing changes there.
 */
export function endWithNpm() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const shell = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, 500);
  timer.unref();
}
