import { allVariables, catchKept, restoring, sharedSeed, tf, withDraws } from '../engine';
import {
  changeLearningRate,
  checkOptimizer,
  disposeOptimizer,
  fromConfig,
  learningRateOf,
  type OptimizerConfig,
  toConfig,
} from './optimizers';

type NamedTensors = Parameters<tf.Optimizer['setWeights']>[0];
type Gradients = { value: tf.Scalar; grads: tf.NamedTensorMap };

/**
 * An optimizer that takes its gradient somewhere else than where it stands, and lets another (`base`) step with it.
 * A variant says where, in `displacement`, and what its options are.
 */
export abstract class TwoStepOptimizer extends tf.Optimizer {
  readonly base: tf.Optimizer;
  /** Whether every step takes the same operations: not so where a variant counts steps, and reuses a gradient. */
  readonly everyStepAlike: boolean = true;

  constructor(base: tf.Optimizer) {
    super();
    checkOptimizer(base, 'base');
    this.base = base;
  }

  /** Where the second gradient is taken, as ε = place − w, one for each gradient; runs inside `tf.tidy`. */
  protected abstract displacement(gradients: tf.Tensor[], variables: tf.Variable[]): tf.Tensor[];

  /** The options beside the base, by name. */
  protected abstract options(): Record<string, number>;

  /**
   * The loss where the variables are, and its gradient at the displaced point. The variables come back bit for bit.
   * Both gradients see the same random draws (dropout masks, noise): those of another network would be another loss.
   */
  override computeGradients(f: () => tf.Scalar, variables?: tf.Variable[]): Gradients {
    const seed = sharedSeed();
    try {
      return this.bothGradients(() => withDraws(seed, f), variables);
    } finally {
      if (typeof seed !== 'number') seed.dispose();
    }
  }

  private bothGradients(f: () => tf.Scalar, variables: tf.Variable[] | undefined): Gradients {
    const { value, grads: first } = tf.variableGrads(f, variables);
    const moved = variablesOf(first, variables);
    const before = moved.map((variable) => tf.keep(variable.clone()));
    // Batch norm's averages belong to the unperturbed pass: what the second one assigns is taken back.
    const others = allVariables().filter((variable) => !moved.includes(variable));
    const assigned = others.map((variable) => tf.keep(variable.clone()));
    const second = (): Gradients => {
      try {
        this.displace(moved, first);
        return { value, grads: gradientsAgain(f, variables) };
      } catch (error) {
        value.dispose();
        throw error;
      }
    };
    return restoring(second, () => {
      assignAll(moved, before);
      assignAll(others, assigned);
      tf.dispose([before, assigned, first]);
    });
  }

  private displace(moved: tf.Variable[], gradients: tf.NamedTensorMap): void {
    tf.tidy(() => {
      const ordered = moved.map(({ name }) => gradients[name] as tf.Tensor);
      this.displacement(ordered, moved).forEach((epsilon, i) => {
        const variable = moved[i] as tf.Variable;
        variable.assign(tf.add(variable, epsilon));
      });
    });
  }

  override applyGradients(gradients: tf.NamedTensorMap | NamedTensors): void {
    this.base.applyGradients(gradients);
  }

  /** The base's, read and written by schedules. */
  get learningRate(): number {
    return learningRateOf(this.base);
  }

  set learningRate(rate: number) {
    changeLearningRate(this.base, rate);
  }

  /** The same under the name that TensorFlow.js's SGD has for it. */
  setLearningRate(rate: number): void {
    this.learningRate = rate;
  }

  override get iterations(): number {
    return this.base.iterations;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.options(), base: { ...toConfig(this.base) } };
  }

  override getWeights(): Promise<NamedTensors> {
    return this.base.getWeights();
  }

  override setWeights(weights: NamedTensors): Promise<void> {
    return this.base.setWeights(weights);
  }

  override dispose(): void {
    disposeOptimizer(this.base);
  }
}

/** The base inside a configuration made by `getConfig`. */
export function baseOf(config: tf.serialization.ConfigDict): tf.Optimizer {
  return fromConfig(config.base as unknown as OptimizerConfig);
}

function assignAll(variables: tf.Variable[], values: tf.Tensor[]): void {
  variables.forEach((variable, i) => {
    const value = values[i] as tf.Tensor;
    if (!value.isDisposed) variable.assign(value);
  });
}

function variablesOf(gradients: tf.NamedTensorMap, variables: tf.Variable[] | undefined): tf.Variable[] {
  return (variables ?? allVariables()).filter(({ name }) => gradients[name] != null);
}

/** The gradient only: the second loss, and the metrics that `model.fit` keeps of it, are let go. */
function gradientsAgain(f: () => tf.Scalar, variables: tf.Variable[] | undefined): tf.NamedTensorMap {
  const { run, release } = catchKept(f);
  try {
    const { value, grads } = tf.variableGrads(run, variables);
    value.dispose();
    return grads;
  } finally {
    release();
  }
}
