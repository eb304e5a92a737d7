/** Runs what computes; an operation that the backend lacks is named, and what to do about it. */
export function withRemedy<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw remedied(error);
  }
}

/** TensorFlow.js says no more than "Kernel 'Complex' not registered for backend 'wasm'". */
function remedied(error: unknown): unknown {
  const message = error instanceof Error ? error.message : '';
  const [, kernel, backend] = /^Kernel '(\w+)' not registered for backend '(\w+)'/.exec(message) ?? [];
  if (kernel === undefined || backend === 'tensorflow') return error;
  const slower = backend === 'wasm' ? ', or start with LOSSLAB_BACKEND=cpu, which is slower' : '';
  return new Error(
    `the backend must have the kernel ${kernel}, which ${backend} lacks: ` +
      `build the native backend with npm run setup${slower}`,
    { cause: error },
  );
}
