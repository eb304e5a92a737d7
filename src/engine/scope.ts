import { tf } from './backend';

/**
 * Runs `run` and disposes every tensor it made, those it returns included. Unlike `tf.tidy` it does not look through
 * what is returned, which for a typed array would mean every number.
 */
export function scoped<T>(run: () => T): T {
  const engine = tf.engine();
  engine.startScope();
  try {
    return run();
  } finally {
    engine.endScope();
  }
}
