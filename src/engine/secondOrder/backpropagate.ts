import { type TapeNode, tf } from './engine';
import { checkDerivative, isChoosing, isFlat } from './flat';

/** A node of the tape with those of its inputs that a gradient flows to. */
interface Step {
  node: TapeNode;
  inputs: [name: string, tensor: tf.Tensor][];
}

/** The nodes that lead from one of `from` to one of `to`, in the order they ran; piecewise constant ones are no way. */
export function pathBetween(tape: readonly TapeNode[], from: tf.Tensor[], to: tf.Tensor[]): Step[] {
  const reached = new Set(from.map(({ id }) => id));
  const steps: Step[] = [];
  for (const node of tape) {
    const inputs = isFlat(node.kernelName) ? [] : livingInputs(node, reached);
    if (inputs.length === 0) continue;
    for (const { id } of node.outputs) reached.add(id);
    steps.push({ node, inputs });
  }
  return leadingTo(steps, to);
}

function livingInputs({ kernelName, inputs }: TapeNode, reached: Set<number>): Step['inputs'] {
  return Object.entries(inputs).filter(([name, { id }]) => reached.has(id) && !isChoosing(kernelName, name));
}

function leadingTo(steps: Step[], to: tf.Tensor[]): Step[] {
  const wanted = new Set(to.map(({ id }) => id));
  const kept = steps.toReversed().filter(({ node, inputs }) => {
    if (!node.outputs.some(({ id }) => wanted.has(id))) return false;
    for (const [, { id }] of inputs) wanted.add(id);
    return true;
  });
  return kept.reverse();
}

/**
 * Vector-Jacobian product along a path: Σᵢ seedᵢᵀ ∂outputᵢ/∂at. Undefined where no output depends on the tensor: a
 * zero that costs nothing. What the gradients compute goes on the tape when one is active.
 */
export function backpropagate(
  path: readonly Step[],
  seeds: readonly (readonly [output: tf.Tensor, seed: tf.Tensor])[],
  at: tf.Tensor[],
): (tf.Tensor | undefined)[] {
  const parts = new Map<number, tf.Tensor[]>();
  for (const [output, seed] of seeds) push(parts, output.id, seed);
  for (const step of path.toReversed()) {
    const dys = step.node.outputs.map(({ id }) => total(parts, id) ?? null);
    if (dys.some((dy) => dy !== null)) passOn(step, dys, parts);
  }
  return at.map(({ id }) => total(parts, id));
}

function passOn({ node, inputs }: Step, dys: (tf.Tensor | null)[], parts: Map<number, tf.Tensor[]>): void {
  checkDerivative(node);
  if (node.gradient === undefined) throw new Error(noGradient(node.kernelName));
  const gradients = node.gradient(dys);
  for (const [name, x] of inputs) {
    const gradient = gradients[name];
    if (gradient === undefined) throw new Error(`${noGradient(node.kernelName)} by its input ${name}`);
    const dx = tf.tidy(gradient);
    if (dx.dtype !== 'float32' || !tf.util.arraysEqual(dx.shape, x.shape))
      throw new Error(
        `the gradient of ${node.kernelName} by its input ${name} must be float32 of shape [${x.shape}], ` +
          `got ${dx.dtype} of shape [${dx.shape}]`,
      );
    push(parts, x.id, dx);
  }
}

function push(parts: Map<number, tf.Tensor[]>, id: number, part: tf.Tensor): void {
  const known = parts.get(id);
  if (known === undefined) parts.set(id, [part]);
  else known.push(part);
}

/** All users of a tensor ran after it, so its gradient is complete when its own node is met: one sum for all parts. */
function total(parts: Map<number, tf.Tensor[]>, id: number): tf.Tensor | undefined {
  const list = parts.get(id);
  if (list === undefined || list.length < 2) return list?.[0];
  const sum = tf.addN(list);
  parts.set(id, [sum]);
  return sum;
}

function noGradient(kernelName: string): string {
  return `${kernelName} has no gradient (at this order of differentiation)`;
}
