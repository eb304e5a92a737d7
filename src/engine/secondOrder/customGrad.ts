import { type CustomGradient, engine, type Inputs, type tf } from './engine';
import { isChoosing, isFlat } from './flat';

// What runs inside a customGrad is not on the tape. A tensor made there that its gradient uses looks like a constant to
// a second derivative, whose part of the result would be lost in silence. So each use of one is refused.

/** The tensors that one run of a customGrad made: ids grow with time, so they are a range. */
interface Run {
  name: string;
  first: number;
  end: number;
  /** The output and copies of what is no secret: the only ones made inside that a gradient may use. */
  visible: Set<number>;
}

/** The customGrads whose gradients are being computed, innermost last. */
const open: Run[] = [];

/** Wraps `customGrad`, that of the user and those inside TensorFlow.js alike; nothing changes without a tape. */
export function installCustomGrad(): void {
  const core = engine();
  const customGrad = core.customGrad.bind(core);
  core.customGrad =
    (f) =>
    (...inputs) => {
      if (!core.isTapeOn()) return customGrad(f)(...inputs);
      return f.length === inputs.length ? lasting(f, inputs, customGrad) : watched(f, inputs, customGrad);
    };
}

type Stock = typeof customGradOfEngine;
declare function customGradOfEngine(f: CustomGradient): (...inputs: tf.Tensor[]) => tf.Tensor;

/**
 * A function that takes no `save` reaches its inputs from its gradient by closure; those that are intermediate results
 * would be disposed by then (the stock `logSigmoid` fails so). It gets copies that live as long as the tape.
 */
function lasting(f: CustomGradient, inputs: tf.Tensor[], customGrad: Stock): tf.Tensor {
  const core = engine();
  const copies = inputs.map((input) => core.keep(input.clone()));
  let recorded = false;
  try {
    const value = watched(f, copies, customGrad);
    core.state.activeTape?.at(-1)?.saved.push(...copies);
    recorded = true;
    return value;
  } finally {
    if (!recorded) for (const copy of copies) copy.dispose();
  }
}

function watched(f: CustomGradient, inputs: tf.Tensor[], customGrad: Stock): tf.Tensor {
  const core = engine();
  const first = core.nextTensorId();
  const run: Run = { name: nameOf(f), first, end: Number.POSITIVE_INFINITY, visible: new Set() };
  const before = core.state.activeTape?.length ?? 0;
  const watchedF = (...args: never[]) => {
    const { value, gradFunc } = f(...args);
    run.visible.add(value.id);
    return {
      value,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => watch(run, () => gradFunc(dy, saved)),
    };
  };
  const value = customGrad(watchedF)(...inputs);
  run.end = core.nextTensorId();
  for (const { inputs: from, outputs } of core.state.activeTape?.slice(before) ?? [])
    if (Object.values(from).every((tensor) => !isHidden(run, tensor)))
      for (const output of outputs) run.visible.add(output.id);
  return value;
}

function watch<T extends tf.Tensor | tf.Tensor[]>(run: Run, gradFunc: () => T): T {
  if (!engine().isTapeOn()) return gradFunc();
  open.push(run);
  try {
    const gradients = gradFunc();
    for (const gradient of Array.isArray(gradients) ? gradients : [gradients])
      if (isHidden(run, gradient)) throw new Error(refusal(run));
    return gradients;
  } finally {
    open.pop();
  }
}

/** Throws when a kernel on the tape takes a tensor that only the inside of a customGrad knows. */
export function checkUse(kernelName: string, inputs: Inputs): void {
  if (open.length === 0 || isFlat(kernelName)) return;
  for (const [name, tensor] of Object.entries(inputs)) {
    if (tensor == null || isChoosing(kernelName, name)) continue;
    const run = open.find((candidate) => isHidden(candidate, tensor));
    if (run !== undefined) throw new Error(refusal(run));
  }
}

function isHidden({ first, end, visible }: Run, { id, dtype }: tf.Tensor): boolean {
  return dtype === 'float32' && id >= first && id < end && !visible.has(id);
}

function nameOf(f: CustomGradient): string {
  const scope = engine().state.activeScope?.name;
  return f.name !== '' && f.name !== 'f' ? f.name : `of ${scope || 'a function without a name'}`;
}

function refusal({ name }: Run): string {
  return (
    `customGrad ${name}: its gradient uses a tensor made inside it, whose dependence on the inputs is not recorded, ` +
    'so the second derivative would be wrong. Save only inputs and outputs and compute the rest again in gradFunc'
  );
}
