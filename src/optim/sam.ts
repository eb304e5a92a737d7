import { tf } from '../engine';
import { checkOptions } from '../options';
import { describeOptimizer } from './optimizers';
import { baseOf, TwoStepOptimizer } from './twoStep';

export interface SamOptions {
  /** Radius of the ball, in the unit of the weights; 0.05 by default, the paper's value for CIFAR and ImageNet. */
  rho?: number;
}

/** Keeps ε finite at a stationary point, as the reference implementations do. */
const TINY = 1e-12;

/**
 * Sharpness-Aware Minimization: `base` steps with the gradient at the worst point nearby, to first order.
 *
 * ε = ρ·g/(‖g‖ + 10⁻¹²), step with ∇L(θ + ε); the norm is over all parameters. Two gradients a step; the loss it
 * reports is the one at θ.
 *
 * @param base any `tf.Optimizer`, owned by what is returned. Its learning rate is that of what is returned: a callback
 *   of `model.fit` may set `learningRate`, or call `setLearningRate`.
 * @throws TypeError when `base` is no optimizer and for unknown options; RangeError unless rho is a finite number >= 0.
 * @see Foret et al. 2020, https://arxiv.org/abs/2010.01412
 * @example
 * ```ts
 * import { sam, tf } from 'losslab';
 * const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
 * model.compile({ optimizer: sam(tf.train.momentum(0.1, 0.9), { rho: 0.05 }), loss: 'meanSquaredError' });
 * ```
 */
export function sam(base: tf.Optimizer, options: SamOptions = {}): Sam {
  checkOptions(options, ['rho']);
  return new Sam(base, options.rho ?? 0.05);
}

/** The optimizer that `sam` makes. */
export class Sam extends TwoStepOptimizer {
  /** The name TensorFlow.js saves it under. */
  static readonly className: string = 'SAM';
  readonly rho: number;

  constructor(base: tf.Optimizer, rho: number) {
    super(base);
    if (!Number.isFinite(rho) || rho < 0)
      throw new RangeError(`rho must be a finite number >= 0, got ${rho}`);
    this.rho = rho;
  }

  protected override displacement(gradients: tf.Tensor[]): tf.Tensor[] {
    const scale = tf.div(this.rho, tf.add(globalNorm(gradients), TINY));
    return gradients.map((gradient) => tf.mul(gradient, scale));
  }

  protected override options(): Record<string, number> {
    return { rho: this.rho };
  }

  /** Its name in captions, such as `SAM(rho=0.05, momentum)`. */
  describe(): string {
    return `SAM(rho=${this.rho}, ${describeOptimizer(this.base)})`;
  }

  static override fromConfig<T extends tf.serialization.Serializable>(
    cls: tf.serialization.SerializableConstructor<T>,
    config: tf.serialization.ConfigDict,
  ): T {
    return new cls(baseOf(config), config.rho as number);
  }
}

tf.serialization.registerClass(Sam);

/** √Σ‖gᵢ‖² over all tensors. */
function globalNorm(tensors: tf.Tensor[]): tf.Scalar {
  return tf.sqrt(tf.addN(tensors.map((tensor) => tf.sum(tf.square(tensor))))) as tf.Scalar;
}
