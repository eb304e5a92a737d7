import { tf } from '../engine';

// What every tf.Optimizer can do, once, for minimize and for the optimizers that wrap another.

/** An optimizer as it is serialised. */
export interface OptimizerConfig {
  className: string;
  config: tf.serialization.ConfigDict;
}

type OptimizerClass = tf.serialization.SerializableConstructor<tf.Optimizer> & {
  fromConfig: tf.serialization.FromConfigMethod<tf.Optimizer>;
};

/** Throws unless it is a tf.Optimizer. */
export function checkOptimizer(optimizer: unknown, what = 'optimizer'): asserts optimizer is tf.Optimizer {
  if (optimizer instanceof Object && optimizer instanceof tf.Optimizer) return;
  throw new TypeError(`${what} must be a tf.Optimizer, such as tf.train.sgd(0.1), got ${String(optimizer)}`);
}

/** The same optimizer with fresh state: no momentum, no moments, no steps taken. */
export function freshCopy(optimizer: tf.Optimizer): tf.Optimizer {
  const type = optimizer.constructor as unknown as OptimizerClass;
  if (typeof type.fromConfig !== 'function' || typeof optimizer.getConfig !== 'function')
    throw new TypeError(
      'optimizer must have getConfig() and a static fromConfig(), so that it can start fresh',
    );
  return type.fromConfig(type, optimizer.getConfig() as tf.serialization.ConfigDict);
}

export function toConfig(optimizer: tf.Optimizer): OptimizerConfig {
  return {
    className: optimizer.getClassName(),
    config: optimizer.getConfig() as tf.serialization.ConfigDict,
  };
}

/** @throws RangeError when the class was not registered with `tf.serialization.registerClass`. */
export function fromConfig({ className, config }: OptimizerConfig): tf.Optimizer {
  const entry = tf.serialization.SerializationMap.getMap().classNameMap[className];
  if (entry === undefined)
    throw new RangeError(`${className} must be registered with tf.serialization.registerClass to be copied`);
  const [type, build] = entry as unknown as [OptimizerClass, OptimizerClass['fromConfig']];
  return build(type, config);
}

/** Disposes an optimizer, and the scalars that some of TensorFlow.js's own forget (Momentum its learning rate). */
export function disposeOptimizer(optimizer: tf.Optimizer): void {
  optimizer.dispose();
  for (const value of Object.values(optimizer))
    if (value instanceof tf.Tensor && !value.isDisposed) value.dispose();
}

/** TensorFlow.js declares the learning rate protected; SGD and Momentum also keep it as a tensor, behind a setter. */
interface WithLearningRate {
  learningRate?: unknown;
  setLearningRate?(rate: number): void;
}

/** @throws TypeError when the optimizer has none. */
export function learningRateOf(optimizer: tf.Optimizer): number {
  const { learningRate } = optimizer as unknown as WithLearningRate;
  if (typeof learningRate === 'number') return learningRate;
  throw new TypeError(`${optimizer.getClassName()} must have a learningRate to read or change it, has none`);
}

/** @throws TypeError when the optimizer has no learning rate; RangeError unless the rate is a finite number >= 0. */
export function changeLearningRate(optimizer: tf.Optimizer, rate: number): void {
  learningRateOf(optimizer);
  if (!Number.isFinite(rate) || rate < 0)
    throw new RangeError(`learningRate must be a finite number >= 0, got ${rate}`);
  const target = optimizer as unknown as WithLearningRate;
  if (typeof target.setLearningRate === 'function') target.setLearningRate(rate);
  else target.learningRate = rate;
}

/** Its name in captions, such as `momentum` or `SAM(rho=0.05, momentum)`. */
export function describeOptimizer(optimizer: tf.Optimizer): string {
  if ('describe' in optimizer && typeof optimizer.describe === 'function')
    return optimizer.describe() as string;
  const name = optimizer.getClassName();
  return name === 'Momentum' ? 'momentum' : name;
}
