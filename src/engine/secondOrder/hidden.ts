import { engine, tf } from './engine';

// What the tape does not see: tensors made inside a customGrad, numbers read there, and values given to variables.

/** One run of a customGrad. Ids of tensors grow with time, so those it made are a range. */
export interface Run {
  name: string;
  first: number;
  end: number;
  /** The output and copies of what is no secret: the only ones made inside that a gradient may use. */
  visible: Set<number>;
  /** The tensors whose numbers it read; undefined is one of which only the memory is known. */
  read: (tf.Tensor | undefined)[];
  /** Whether an operation of TensorFlow.js is made of it, which knows nothing of numbers read elsewhere. */
  builtIn: boolean;
}

interface Notes {
  /** The tensors whose numbers were read outside of any customGrad. */
  read: tf.Tensor[];
  /** In the order they ran; none runs inside another. */
  runs: Run[];
  /** By a variable's id, what it was assigned last. */
  held: Map<number, tf.Tensor>;
}

/** They go with the tape. */
const notesOf = new WeakMap<object, Notes>();

function notes(): Notes | undefined {
  const tape = engine().state.activeTape;
  if (tape === null) return undefined;
  let found = notesOf.get(tape);
  if (found === undefined) {
    found = { read: [], runs: [], held: new Map() };
    notesOf.set(tape, found);
  }
  return found;
}

export function addRun(run: Run): void {
  notes()?.runs.push(run);
}

export function addRead(tensor: tf.Tensor): void {
  notes()?.read.push(tensor);
}

/** The tensors whose numbers were read outside of any customGrad since the tape began. */
export function readOutside(): readonly tf.Tensor[] {
  return notes()?.read ?? [];
}

/** Whether a tensor was made inside a customGrad and never shown; one that still runs may be left out. */
export function isHidden({ id, dtype }: tf.Tensor, except?: Run): boolean {
  return (dtype === 'float32' || dtype === 'complex64') && runThatHides(id, except) !== undefined;
}

function runThatHides(id: number, except?: Run): Run | undefined {
  const run = notes()?.runs.findLast(({ first }) => id >= first);
  return run === undefined || run === except || id >= run.end || run.visible.has(id) ? undefined : run;
}

/** What was assigned to variables since the tape began, by their ids. */
export function heldValues(): ReadonlyMap<number, tf.Tensor> {
  return notes()?.held ?? new Map();
}

/** Writes down what variables are given while something is differentiated: an assignment is not on the tape. */
export function installVariables(): void {
  const core = engine();
  const hold = (variable: tf.Variable, value: tf.Tensor) => {
    if (core.state.gradientDepth > 0) notes()?.held.set(variable.id, value);
  };
  const prototype = tf.Variable.prototype as { assign(value: tf.Tensor): void };
  const { assign } = prototype;
  prototype.assign = function (this: tf.Variable, value) {
    assign.call(this, value);
    hold(this, value);
  };
  const makeVariable = core.makeVariable.bind(core);
  core.makeVariable = (value, ...rest) => {
    const variable = makeVariable(value, ...rest);
    hold(variable, value);
    return variable;
  };
}
