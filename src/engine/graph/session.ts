import { tf } from '../backend';
import { canUseXla } from '../node';
import type { SessionMode } from './config';
import { type GraphSession, openGraph, type SessionBinding } from './opened';
import type { SerializedGraph } from './savedModel';

export type { GraphSession, NativeTensor } from './opened';

/**
 * Loads a graph into TensorFlow. Its folder exists only while it loads. The stock addon of tfjs-node (without
 * native/session.h) loads it too, and runs it on its own pool whatever `mode` says.
 * @throws Error when the backend is not `tensorflow`, XLA was not switched on before TensorFlow started, no temporary
 * folder can be written to, or TensorFlow refuses the graph.
 * @example
 * ```ts
 * const session = loadGraph(serialize(graph, { callerThread: true }), { threads: 'one' });
 * const [y] = session.run([xId]);
 * session.dispose();
 * ```
 */
export function loadGraph(graph: SerializedGraph, mode: SessionMode): GraphSession {
  const binding = nativeBinding();
  if (mode.xla && !canUseXla()) throw new Error(NO_XLA);
  return openGraph(binding, graph, mode);
}

export const NO_XLA =
  'XLA must be switched on before TensorFlow is loaded, and tfjs-node was loaded before losslab without it; import losslab first, or start Node with TF_XLA_FLAGS=--tf_xla_cpu_global_jit';

function nativeBinding(): SessionBinding {
  const backend = tf.findBackend('tensorflow') as unknown as { binding: SessionBinding } | null;
  if (backend) return backend.binding;
  throw new Error(
    `a compiled graph needs the native backend (tensorflow), got ${tf.getBackend()}; run npm run setup, or run without compiling`,
  );
}
