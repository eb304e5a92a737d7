import { onTermination } from '../restoring';
import { type Engine, engine, type Inputs, tf } from './engine';
import { isChoosing, isFlat } from './flat';
import { addRead, heldValues, isHidden, type Run, readOutside } from './hidden';
import { depends } from './sources';

// A gradient that will be differentiated again must be computed from tensors on the tape. Numbers read from a tensor, a
// variable's value and what a customGrad made inside look like constants there: the part of the second derivative that
// goes through them would be lost in silence. So a gradient function that uses one is refused.

/** The gradient functions that are running on the tape, innermost last. */
const gradients: string[] = [];

/** The customGrad whose forward pass is running on the tape, and how deep in what may read for itself we are. */
let forward: Run | undefined;
let trusted = 0;

onTermination(() => {
  gradients.length = 0;
  forward = undefined;
  trusted = 0;
});

/** Runs a gradient function. Without a tape nothing differentiates it, and it may do what it likes. */
export function insideGradient<T>(name: string, run: () => T): T {
  if (!engine().isTapeOn()) return run();
  hookBackend();
  gradients.push(name);
  try {
    return run();
  } finally {
    gradients.pop();
  }
}

/** Runs a customGrad's forward pass and writes down whose numbers it reads. */
export function insideForward<T>(run: Run, f: () => T): T {
  hookBackend();
  forward = run;
  try {
    return f();
  } finally {
    forward = undefined;
  }
}

/** Throws when numbers that were read may have come into the gradient that is about to be recorded. */
export function checkReads({ name, read, builtIn }: Run): void {
  const inside = read.some((tensor) => tensor === undefined || depends(tensor));
  if (!inside && (builtIn || !readOutside().some(depends))) return;
  throw new Error(
    `${name}: ${inside ? 'it' : 'the function around it'} reads the value of a tensor that depends on what is ` +
      'differentiated (dataSync, arraySync, print ...), and its gradient may use the numbers. ' +
      `${LOST}. Compute the gradient from saved tensors, and read ${inside ? 'none inside' : 'values afterwards'}`,
  );
}

/** Throws when a kernel in a gradient takes what the tape does not see. */
function checkUse(kernelName: string, inputs: Inputs): void {
  if (gradients.length === 0 || isFlat(kernelName)) return;
  for (const [name, tensor] of Object.entries(inputs))
    if (tensor != null && !isChoosing(kernelName, name)) checkSeen(tensor);
}

/** Throws when a tensor that a gradient uses or returns is one that the tape does not see. */
export function checkSeen(tensor: tf.Tensor): void {
  const name = gradients.at(-1);
  if (isHidden(tensor, forward))
    throw new Error(
      `${name}: its gradient uses a tensor made inside it, whose dependence on the inputs is not recorded, so the ` +
        'second derivative would be wrong. Save only inputs and outputs and compute the rest again in gradFunc',
    );
  const value = heldValues().get(tensor.id);
  if (value !== undefined && depends(value))
    throw new Error(
      `${name}: its gradient uses the variable ${(tensor as tf.Variable).name}, which was assigned a value that ` +
        `depends on what is differentiated. ${LOST}. Use the tensor that was assigned`,
    );
}

const LOST =
  'Numbers that are read and assignments are not recorded, so the second derivative would be wrong';

function onRead(tensor?: tf.Tensor): void {
  if (trusted > 0) return;
  const name = gradients.at(-1);
  if (name === undefined && forward !== undefined) forward.read.push(tensor);
  else if (name === undefined) addReadOf(tensor);
  else if (tensor === undefined || depends(tensor))
    throw new Error(
      `${name}: its gradient reads the value of a tensor that depends on what is differentiated (dataSync, ` +
        `arraySync, print ...). ${LOST}. Compute with the tensor itself`,
    );
}

function addReadOf(tensor: tf.Tensor | undefined): void {
  if (tensor !== undefined) addRead(tensor);
}

/** Kernels read their inputs, and reading through one door passes others. */
function trusting<T>(run: () => T): T {
  trusted++;
  try {
    return run();
  } finally {
    trusted--;
  }
}

const core = engine();
const isDifferentiating = () => core.state.gradientDepth > 0;

type Method = (this: unknown, ...args: never[]) => unknown;

function wrap(
  owner: object,
  name: string,
  run: (self: unknown, args: never[], stock: Method) => unknown,
): void {
  const methods = owner as Record<string, Method>;
  const stock = methods[name] as Method;
  methods[name] = function (...args) {
    return trusted > 0 || !isDifferentiating() ? stock.apply(this, args) : run(this, args, stock);
  };
}

/** Every door through which a tensor's numbers leave, or its memory gets a second tensor that the tape does not know. */
export function installReads(): void {
  for (const name of ['dataSync', 'data', 'bytes', 'dataToGPU'])
    wrap(tf.Tensor.prototype, name, (self, args, stock) => {
      onRead(self as tf.Tensor);
      return trusting(() => stock.apply(self, args));
    });
  for (const name of ['readSync', 'read', 'readToGPU', 'makeTensorFromTensorInfo', 'makeTensorFromDataId'])
    wrapDoor(core, name);
  // Every operation passes here: no lists of arguments.
  const runKernel = core.runKernel.bind(core);
  core.runKernel = (name, inputs, attributes) => {
    if (trusted > 0 || !isDifferentiating()) return runKernel(name, inputs, attributes);
    checkUse(name, inputs as Inputs);
    trusted++;
    try {
      return runKernel(name, inputs, attributes);
    } finally {
      trusted--;
    }
  };
  wrap(core, 'moveData', (self, args, stock) => trusting(() => stock.apply(self, args)));
}

function wrapDoor(owner: object, name: string): void {
  wrap(owner, name, (self, args, stock) => {
    onRead();
    return trusting(() => stock.apply(self, args));
  });
}

const hooked = new WeakSet<object>();

/** Backends come later than this, and may be changed. */
function hookBackend(): void {
  const prototype = Object.getPrototypeOf((engine() as Engine & { backend: object }).backend) as object;
  if (hooked.has(prototype)) return;
  hooked.add(prototype);
  for (const name of ['readSync', 'read']) wrapDoor(prototype, name);
}
