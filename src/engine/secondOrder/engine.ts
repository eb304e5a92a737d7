// The backend installs these remedies while it starts, so they cannot import it: this file stands in its place.
import * as tf from '@tensorflow/tfjs';

export { tf };

/** What one operation left on the tape. A `customGrad` and a saved copy carry the name of the scope they ran in. */
export interface TapeNode {
  id: number;
  kernelName: string;
  inputs: Record<string, tf.Tensor>;
  outputs: tf.Tensor[];
  saved: tf.Tensor[];
  gradient?: (dys: (tf.Tensor | null)[]) => Record<string, () => tf.Tensor>;
}

type Inputs = Record<string, tf.Tensor | undefined>;
type Attributes = Record<string, unknown>;
type CustomGradient = (...args: never[]) => {
  value: tf.Tensor;
  gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.Tensor | tf.Tensor[];
};

/** The parts of the engine of TensorFlow.js 4.22 that second order needs, most of them private there. */
export interface Engine {
  state: {
    activeTape: TapeNode[] | null;
    activeScope: { name: string; track: tf.Tensor[] } | null;
    gradientDepth: number;
    kernelDepth: number;
  };
  registeredVariables: Record<string, tf.Variable>;
  isTapeOn(): boolean;
  startTape(): void;
  endTape(): void;
  nextTensorId(): number;
  keep<T extends tf.Tensor>(tensor: T): T;
  clone(tensor: tf.Tensor): tf.Tensor;
  runKernel(name: string, inputs: Inputs | tf.Tensor[], attributes?: Attributes): tf.Tensor | tf.Tensor[];
  addTapeNode(
    name: string,
    inputs: Inputs,
    outputs: tf.Tensor[],
    gradient: unknown,
    saved: tf.Tensor[],
    attributes?: Attributes,
  ): void;
  getTensorsForGradient(name: string, inputs: Inputs, outputs: tf.Tensor[]): tf.Tensor[];
  makeVariable(value: tf.Tensor, ...rest: unknown[]): tf.Variable;
  gradients(f: () => tf.Tensor, xs: tf.Tensor[], ...rest: unknown[]): unknown;
  customGrad(f: CustomGradient): (...inputs: tf.Tensor[]) => tf.Tensor;
}

export type { Attributes, CustomGradient, Inputs };

export function engine(): Engine {
  return tf.engine() as unknown as Engine;
}

/** Lets go of the tape and what it saved. TensorFlow.js does so only where no error came. */
export function releaseTape(): void {
  const { state } = engine();
  for (const { saved } of state.activeTape ?? []) tf.dispose(saved.filter((tensor) => !tensor.isDisposed));
  state.activeTape = null;
}

/** Runs a kernel of one output, on the tape when there is one. */
export function kernel(name: string, inputs: Inputs, attributes: Attributes = {}): tf.Tensor {
  return engine().runKernel(name, inputs, attributes) as tf.Tensor;
}
