import { type CustomGradient, engine, tf } from './engine';
import { addRun, isHidden, type Run } from './hidden';
import { checkReads, checkSeen, insideForward, insideGradient } from './reads';

// What runs inside a customGrad is not on the tape. A tensor made there that its gradient uses looks like a constant to
// a second derivative, whose part of the result would be lost in silence. So each use of one is refused.

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
  const run: Run = {
    name: nameOf(f),
    first,
    end: Number.POSITIVE_INFINITY,
    visible: new Set(),
    read: [],
    builtIn: core.state.activeScope?.name.endsWith('__op') ?? false,
  };
  addRun(run);
  const before = core.state.activeTape?.length ?? 0;
  const watchedF = (...args: never[]) => {
    const { value, gradFunc } = insideForward(run, () => f(...args));
    run.visible.add(value.id);
    return {
      value,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => watch(run, () => gradFunc(dy, saved)),
    };
  };
  try {
    const value = customGrad(watchedF)(...inputs);
    show(run, before);
    return value;
  } catch (error) {
    // Nothing but saved copies got on the tape since; the node that would own them is missing.
    for (const { outputs } of core.state.activeTape?.slice(before) ?? []) tf.dispose(outputs);
    throw error;
  } finally {
    run.end = core.nextTensorId();
  }
}

/** Copies of what is no secret are none. */
function show(run: Run, before: number): void {
  for (const { inputs, outputs } of engine().state.activeTape?.slice(before) ?? [])
    if (Object.values(inputs).every((tensor) => !isHidden(tensor)))
      for (const output of outputs) run.visible.add(output.id);
}

function watch<T extends tf.Tensor | tf.Tensor[]>(run: Run, gradFunc: () => T): T {
  if (!engine().isTapeOn()) return gradFunc();
  checkReads(run);
  return insideGradient(run.name, () => {
    const gradients = gradFunc();
    for (const gradient of Array.isArray(gradients) ? gradients : [gradients]) checkSeen(gradient);
    return gradients;
  });
}

/** Its own name, else that of the scope around it, else how it begins. */
function nameOf(f: CustomGradient): string {
  if (f.name !== '' && f.name !== 'f') return `customGrad ${f.name}`;
  const scope = engine().state.activeScope?.name ?? '';
  if (!['', 'unnamed scope', 'forward', 'backward'].includes(scope)) return `customGrad of ${scope}`;
  const source = f.toString().replace(/\s+/g, ' ');
  return `customGrad ${source.length > 60 ? `${source.slice(0, 60)}…` : source}`;
}
