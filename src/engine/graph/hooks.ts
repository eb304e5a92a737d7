import { tf } from '../backend';
import { restoring } from '../restoring';
import type { Binding, NativeBackend, RawNumbers, StoredTensor } from './backend';
import type { Recorder } from './recorder';

type DataId = object;

export const DISPOSED = 'the function uses a tensor that was disposed; keep it as long as it is called';
const STRINGS = 'it uses tensors of strings';

/** Runs `run` while every op, upload and read of the backend passes the recorder. */
export function withHooks<T>(
  backend: NativeBackend,
  recorder: Recorder,
  variables: ReadonlyMap<DataId, tf.Variable>,
  run: () => T,
): T {
  const prototype = Object.getPrototypeOf(backend) as NativeBackend;
  const binding = backend.binding;
  const fresh = new WeakSet<DataId>();
  const bounds = boundsChecks();
  const hooked = (): T => {
    bounds.install();
    backend.binding = recordingBinding(binding, recorder);
    backend.move = (dataId, ...rest) => {
      fresh.add(dataId);
      prototype.move.call(backend, dataId, ...rest);
    };
    backend.getInputTensorIds = (tensors) => {
      for (const { dataId } of tensors)
        if (dataId !== undefined && !fresh.has(dataId)) upload(backend, binding, recorder, variables, dataId);
      return prototype.getInputTensorIds.call(backend, tensors);
    };
    backend.readSync = (dataId) => {
      if (!bounds.inside()) refuseRead(backend.tensorMap.get(dataId), recorder, fresh.has(dataId));
      return bounds.inside() ? noIndices() : prototype.readSync.call(backend, dataId);
    };
    // A rejected promise that nobody awaits would end the process: the reading goes on, the recording is lost.
    backend.read = (dataId) => {
      try {
        refuseRead(backend.tensorMap.get(dataId), recorder, fresh.has(dataId));
      } catch {}
      return Promise.resolve(prototype.readSync.call(backend, dataId));
    };
    return run();
  };
  return restoring(hooked, () => {
    bounds.restore();
    backend.binding = binding;
    for (const name of ['move', 'getInputTensorIds', 'readSync', 'read'] as const)
      delete (backend as Partial<NativeBackend>)[name];
  });
}

function recordingBinding(binding: Binding, recorder: Recorder): Binding {
  const recording: Pick<Binding, 'createTensor' | 'executeOp' | 'runSavedModel'> = {
    createTensor(shape, dtype, values) {
      if (Array.isArray(values)) recorder.refuse(STRINGS);
      const id = binding.createTensor(shape, dtype, values);
      recorder.constant(id, shape, dtype, values);
      return id;
    },
    executeOp(name, attrs, inputs, count) {
      const outputs = binding.executeOp(name, attrs, inputs, count);
      recorder.op(name, attrs, inputs, outputs);
      return outputs;
    },
    runSavedModel() {
      return recorder.refuse('it calls a SavedModel');
    },
  };
  // Assigning would fail: the addon's own functions are read-only.
  return Object.create(binding, Object.getOwnPropertyDescriptors(recording)) as Binding;
}

/**
 * Shows a tensor from outside to the recorder. The backend uploads lazily: one that was made before the recording
 * but not used yet must not look like a constant of the function.
 */
function upload(
  backend: NativeBackend,
  binding: Binding,
  recorder: Recorder,
  variables: ReadonlyMap<DataId, tf.Variable>,
  dataId: DataId,
): void {
  if (!tf.engine().state.tensorInfo.has(dataId)) throw new Error(DISPOSED);
  const stored = backend.tensorMap.get(dataId);
  if (stored === undefined) return;
  const lazy = stored.values !== null && stored.values !== undefined;
  if (lazy) {
    if (Array.isArray(stored.values)) recorder.refuse(STRINGS);
    stored.id = binding.createTensor(stored.shape, stored.dtype, stored.values as RawNumbers);
    stored.values = null;
  }
  recorder.known(stored.id, dataId);
  if (lazy || variables.has(dataId)) recorder.outside(stored.id, variables.get(dataId));
}

function refuseRead(stored: StoredTensor | undefined, recorder: Recorder, fresh: boolean): void {
  if (stored === undefined) return;
  const waiting = stored.values !== null && stored.values !== undefined;
  if (waiting ? fresh : recorder.isConstant(stored.id)) return;
  recorder.refuse(
    'it reads the value of a tensor (data, dataSync, arraySync, print), through which no derivative goes',
  );
}

/**
 * GatherV2's kernel reads its indices only to check them, which TensorFlow's op does again: while it runs, reads are
 * let through without a value.
 */
function boundsChecks(): { install: () => void; inside: () => boolean; restore: () => void } {
  const kernel = tf.getKernel('GatherV2', 'tensorflow') as unknown as { kernelFunc: (p: unknown) => unknown };
  const original = kernel.kernelFunc;
  let depth = 0;
  const counted = (params: unknown): unknown => {
    depth++;
    try {
      return original(params);
    } finally {
      depth--;
    }
  };
  return {
    install: () => {
      kernel.kernelFunc = counted;
    },
    inside: () => depth > 0,
    restore: () => {
      kernel.kernelFunc = original;
    },
  };
}

const noIndices = (): Int32Array => new Int32Array(0);
