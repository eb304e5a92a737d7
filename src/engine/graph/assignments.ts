import { tf } from '../backend';
import { restoring } from '../restoring';

interface Assignable {
  assign(value: tf.Tensor): void;
}

/**
 * Runs `run` and then gives every variable it assigned to its value from before, bit for bit, also when it throws.
 * Inside, variables behave as ever. `changed` is called before that, with what each variable was last given.
 */
export function withoutAssignments<T>(
  run: () => T,
  changed: (values: Map<tf.Variable, tf.Tensor>) => void = () => undefined,
): T {
  const prototype = tf.Variable.prototype as unknown as Assignable;
  const assign = prototype.assign;
  const before = new Map<tf.Variable, tf.Tensor>();
  const tracked = (): T => {
    prototype.assign = function (this: tf.Variable, value: tf.Tensor): void {
      if (!before.has(this)) before.set(this, detached(this));
      assign.call(this, value);
    };
    const result = run();
    changed(new Map([...before.keys()].filter((v) => !v.isDisposed).map((variable) => [variable, variable])));
    return result;
  };
  return restoring(tracked, () => {
    prototype.assign = assign;
    for (const [variable, value] of before) {
      if (!variable.isDisposed && !value.isDisposed) assign.call(variable, value);
      value.dispose();
    }
  });
}

/** A second handle on a variable's value that no scope disposes; it costs no copy. */
function detached(variable: tf.Variable): tf.Tensor {
  return tf.keep(variable.clone());
}
