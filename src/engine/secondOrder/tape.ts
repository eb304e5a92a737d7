import { type Engine, engine, type Inputs, type TapeNode, tf } from './engine';
import { insideGradient } from './reads';

/**
 * Mends what the tape of TensorFlow.js records.
 *
 * A kernel that saves its output for the gradient puts the saved copy on the tape before itself. A second derivative
 * walks the tape in order, meets the copy before what made it, and takes it for a constant: the path through tanh,
 * exp, softmax ... is lost without a word (tensorflow/tfjs#3252). Here each node stands in front of its copies.
 */
export function installTape(): void {
  const core = engine();
  const addTapeNode = core.addTapeNode;
  core.addTapeNode = function (this: Engine, name, inputs, outputs, gradient, saved, attributes) {
    addTapeNode.call(this, ownName(name, gradient), given(inputs), outputs, gradient, saved, attributes);
    watchGradient(core.state.activeTape?.at(-1));
    moveInFront(saved);
  };
  const getTensorsForGradient = core.getTensorsForGradient;
  core.getTensorsForGradient = function (this: Engine, name, inputs, outputs) {
    // Batch normalisation without a scale "saves" an input that is not there.
    return getTensorsForGradient.call(this, name, inputs, outputs).filter((tensor) => tensor != null);
  };
}

/** In a scope named like a kernel (`tf.tidy('Exp', ...)`) the engine would take that kernel's gradient. */
function ownName(name: string, gradient: unknown): string {
  return gradient != null && tf.getGradient(name) != null ? `customGrad ${name}` : name;
}

/** Inputs that were left out are not on any path, and the walk over the tape trips over them. */
function given(inputs: Inputs): Inputs {
  if (Array.isArray(inputs) || Object.values(inputs).every((tensor) => tensor != null)) return inputs;
  return Object.fromEntries(Object.entries(inputs).filter(([, tensor]) => tensor != null));
}

/** A gradient that is itself recorded may use nothing that the tape does not see. */
function watchGradient(node: TapeNode | undefined): void {
  const gradient = node?.gradient;
  if (node === undefined || gradient === undefined) return;
  node.gradient = (dys) => {
    if (!engine().isTapeOn()) return gradient(dys);
    const parts = insideGradient(node.kernelName, () => gradient(dys));
    return Object.fromEntries(
      Object.entries(parts).map(([name, part]) => [name, () => insideGradient(node.kernelName, part)]),
    );
  };
}

/** The copies of what a node saved are the nodes right before it. */
function moveInFront(saved: tf.Tensor[] | undefined): void {
  const tape = engine().state.activeTape;
  if (tape === null || saved === undefined || saved.length === 0) return;
  const first = tape.length - 1 - saved.length;
  if (!saved.every((tensor, i) => tape[first + i]?.outputs[0] === tensor)) return;
  tape.splice(first, 0, ...tape.splice(-1));
}
