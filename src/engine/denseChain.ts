import type { tf } from './backend';

/** One step of a chain of dense layers. */
export interface ChainLayer {
  /** Which of the model's trainable weights; absent for a layer that only activates. */
  kernel?: number;
  bias?: number;
  activation: (x: tf.Tensor) => tf.Tensor;
  /** Softmax works along the features; all other activations on each number alone. */
  elementwise: boolean;
}

interface Activated {
  activation?: { getClassName(): string; apply(x: tf.Tensor): tf.Tensor };
  useBias?: boolean;
}

/** In inference mode these change nothing. */
const IDENTITY = ['InputLayer', 'Dropout', 'GaussianNoise', 'GaussianDropout', 'AlphaDropout'];
const ALONG_FEATURES = ['softmax', 'logSoftmax'];

/** The layers of a model that is a plain chain of dense layers over [rows, features]; else undefined. */
export function denseChain(model: tf.LayersModel): ChainLayer[] | undefined {
  if (!isChain(model) || model.inputs[0]?.shape.length !== 2) return undefined;
  const chain: ChainLayer[] = [];
  let next = 0;
  for (const layer of model.layers) {
    if (IDENTITY.includes(layer.getClassName())) continue;
    const step = chainLayer(layer, next);
    if (step === undefined) return undefined;
    next += (step.kernel === undefined ? 0 : 1) + (step.bias === undefined ? 0 : 1);
    chain.push(step);
  }
  const softmaxInside = chain.slice(0, -1).some((step) => !step.elementwise);
  // The first layer is computed from the rows themselves.
  const startsDense = chain[0]?.kernel !== undefined;
  return softmaxInside || !startsDense || next !== model.trainableWeights.length ? undefined : chain;
}

function chainLayer(layer: tf.layers.Layer, next: number): ChainLayer | undefined {
  const kind = layer.getClassName();
  const { activation, useBias } = layer as unknown as Activated;
  if (kind !== 'Dense' && kind !== 'Activation') return undefined;
  const step: ChainLayer = {
    activation: (x) => (activation === undefined ? x : activation.apply(x)),
    elementwise: activation === undefined || !ALONG_FEATURES.includes(activation.getClassName()),
  };
  if (kind === 'Activation') return step;
  if (!layer.trainable || layer.trainableWeights.length !== (useBias ? 2 : 1)) return undefined;
  return useBias ? { ...step, kernel: next, bias: next + 1 } : { ...step, kernel: next };
}

/** Whether each layer is applied once, to what the layer before it puts out. */
function isChain(model: tf.LayersModel): boolean {
  let tensor: tf.SymbolicTensor | undefined = model.inputs[0];
  for (const layer of model.layers) {
    const node = layer.inboundNodes[0];
    if (layer.inboundNodes.length !== 1 || node?.outputTensors.length !== 1) return false;
    if (
      layer.getClassName() !== 'InputLayer' &&
      (node.inputTensors.length !== 1 || node.inputTensors[0] !== tensor)
    )
      return false;
    tensor = node.outputTensors[0];
  }
  return model.inputs.length === 1 && model.outputs.length === 1 && tensor === model.outputs[0];
}
