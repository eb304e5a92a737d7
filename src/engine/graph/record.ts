import { tf } from '../backend';
import { allVariables } from '../gradients';
import { onTermination, restoring } from '../restoring';
import { scoped } from '../scope';
import { withoutAssignments } from './assignments';
import { type NativeBackend, nativeBackend, type RawNumbers } from './backend';
import { rememberDoubles } from './doubles';
import { DType, type GraphNode, type Output } from './graph';
import { DISPOSED, withHooks } from './hooks';
import { CannotTrace, type Capture, type Recorder, recorder } from './recorder';

/** The ops of one eager run of a function. */
export interface Recording {
  nodes: GraphNode[];
  /** One placeholder an argument; a variable's is not among the nodes. */
  args: GraphNode[];
  captures: Capture[];
  outputs: Output[];
  /** Which variables the function assigned, and what. */
  assigned: { variable: tf.Variable; output: Output }[];
  doubles: Map<GraphNode, Float64Array>;
  /** Whether the function took a gradient. */
  differentiates: boolean;
}

/** The function made variables: a layer's weights or an optimizer's moments at their first use, perhaps. */
export class MadeVariables extends CannotTrace {
  readonly variables: readonly tf.Variable[];
  constructor(variables: readonly tf.Variable[]) {
    super('it makes variables at each call; make them outside');
    this.variables = variables;
  }
}

/**
 * Runs `run` once on the native backend and writes down the ops it takes from `args` to the tensors it returns.
 * Nothing outside is changed: variables it assigns are given back their values.
 * @throws CannotTrace with the reason.
 */
export function record(run: (args: tf.Tensor[]) => tf.Tensor[], args: readonly tf.Tensor[]): Recording {
  const backend = nativeBackend();
  if (backend === undefined) throw new CannotTrace(`graphs need the native backend, not ${tf.getBackend()}`);
  if (isRecording()) throw new CannotTrace('another function is being traced');
  unshareVariables(backend);
  const variables = variablesByData();
  const known = new Set(variables.values());
  // An argument may be captured too: what is uploaded now was there before the recording.
  idsOf(backend, args);
  const recording = recorder(backend.binding, nextId(backend));
  let outputs: Output[] = [];
  let assigned: Recording['assigned'] = [];
  const placeholders: GraphNode[] = [];
  const traced = (): void => {
    scoped(() => {
      const own = args.map((arg) => feed(backend, recording, arg, placeholders));
      withHooks(backend, recording, variables, () =>
        withoutAssignments(
          () => {
            outputs = idsOf(backend, run(own)).map(recording.output);
          },
          (values) => {
            assigned = [...values]
              .map(([variable, value]) => ({ variable, output: outputOf(backend, recording, value) }))
              .filter((assignment) => !isOwnValue(recording, assignment));
          },
        ),
      );
    });
  };
  const tape = watchTape(traced);
  active = backend;
  try {
    rememberDoubles(tape.run);
    const made = allVariables().filter((variable) => !known.has(variable));
    if (made.length > 0) throw new MadeVariables(made);
    const reason = recording.refused();
    if (reason !== undefined) throw new CannotTrace(reason);
  } catch (error) {
    releaseCaptures(backend, recording.captures);
    const reason = recording.refused();
    throw reason === undefined || error instanceof CannotTrace
      ? namingDisposed(error)
      : new CannotTrace(reason);
  } finally {
    active = undefined;
  }
  const { nodes, captures, doubles } = recording;
  return { nodes, args: placeholders, captures, outputs, assigned, doubles, differentiates: tape.started };
}

/** TensorFlow.js looks for the backend of a tensor's numbers, and finds none. */
export function namingDisposed(error: unknown): unknown {
  if (!(error instanceof TypeError && /of undefined \(reading 'backend'\)/.test(error.message))) return error;
  return new Error(DISPOSED, { cause: error });
}

let active: NativeBackend | undefined;
onTermination(() => {
  active = undefined;
});

/** Whether a function is being recorded now. */
export function isRecording(): boolean {
  return active !== undefined;
}

/** Lets the copies of captured tensors go. */
export function releaseCaptures(backend: NativeBackend, captures: readonly Capture[]): void {
  for (const { id } of captures) if (id !== undefined) backend.binding.deleteTensor(id);
}

/**
 * A fresh handle: an argument passed twice, or one that is captured too, is told apart. A variable stays itself: it is
 * captured where it is used, and its placeholder feeds nothing.
 */
function feed(backend: NativeBackend, recorder: Recorder, arg: tf.Tensor, list: GraphNode[]): tf.Tensor {
  if (arg instanceof tf.Variable) {
    list.push({ op: 'Placeholder', inputs: [], attrs: {}, outputs: [] });
    return arg;
  }
  const handle = backend.executeSingleOutput('Identity', [], [arg]);
  const { id, dtype } = backend.tensorMap.get(handle.dataId);
  list.push(recorder.placeholder(id, arg.shape, dtype));
  return handle;
}

function outputOf(backend: NativeBackend, recorder: Recorder, tensor: tf.Tensor): Output {
  return recorder.output(idsOf(backend, [tensor])[0] as number);
}

/** Whether a variable was given back, within the function, the value it began with. */
function isOwnValue({ captures }: Recorder, { variable, output }: Recording['assigned'][number]): boolean {
  return captures.some((capture) => capture.node === output.node && capture.variable === variable);
}

function idsOf(backend: NativeBackend, tensors: readonly tf.Tensor[]): number[] {
  return backend.getInputTensorIds(tensors);
}

/** `backup.assign(w)` lets two variables hold the same data; each gets its own, so that they can be told apart. */
function unshareVariables(backend: NativeBackend): void {
  for (const variable of allVariables()) {
    if (backend.tensorMap.get(variable.dataId).refCount < 2) continue;
    const copy = copyOf(backend, variable);
    variable.assign(copy);
    copy.dispose();
  }
}

function copyOf(backend: NativeBackend, variable: tf.Variable): tf.Tensor {
  return backend.executeSingleOutput('Identity', [], [variable]);
}

function variablesByData(): Map<object, tf.Variable> {
  return new Map(allVariables().map((variable) => [variable.dataId, variable]));
}

/** Ids only grow: the next one parts what was there before from what the recording makes. */
function nextId({ binding }: NativeBackend): number {
  const probe: RawNumbers = Float32Array.of(0);
  const id = binding.createTensor([], DType.float, probe);
  binding.deleteTensor(id);
  return id;
}

/** Notes whether a tape is started while `run` runs: a gradient is being taken. */
function watchTape(run: () => void): { run: () => void; started: boolean } {
  const engine = tf.engine() as unknown as { startTape(): void };
  const watched = {
    started: false,
    run: () => {
      const { startTape } = engine;
      const watching = (): void => {
        engine.startTape = () => {
          watched.started = true;
          startTape.call(engine);
        };
        run();
      };
      restoring(watching, () => {
        delete (engine as Partial<typeof engine>).startTape;
      });
    },
  };
  return watched;
}
