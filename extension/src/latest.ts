/**
 * Runs an asynchronous task one at a time: calls while it runs are remembered as one, so that the last state
 * asked for is the one drawn. (Overlapping `Plotly.react` calls on one element raise errors.)
 * @returns a function that asks for a run; its promise ends when nothing more is to be done
 */
export function oneAtATime(task: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let again = false;
  const runAll = async () => {
    do {
      again = false;
      await task();
    } while (again);
  };
  return () => {
    again = true;
    running ??= runAll().finally(() => {
      running = undefined;
    });
    return running;
  };
}
