/** How TensorFlow runs a graph. */
export interface SessionMode {
  /** `one`: a thread pool of one thread of its own; `all`: the process's pool, one thread a core. */
  threads: 'one' | 'all';
  /** Compiles clusters of the graph with XLA. Default false. */
  xla?: boolean;
  /** Runs TensorFlow's graph optimizer at the first call. Default true. */
  grappler?: boolean;
}

// Fields of ConfigProto (tensorflow/core/protobuf/config.proto); a message given in parts is merged.
const ONE_THREAD = [0x10, 0x01]; // intra_op_parallelism_threads: 1
const NO_GRAPPLER = [0x52, 0x05, 0x52, 0x03, 0x98, 0x01, 0x01]; // graph_options.rewrite_options.disable_meta_optimizer
const XLA = [0x52, 0x04, 0x1a, 0x02, 0x28, 0x02]; // graph_options.optimizer_options.global_jit_level: ON_2

/** The bytes of a ConfigProto; none where all is as by default. */
export function configBytes({ threads, xla = false, grappler = true }: SessionMode): Uint8Array {
  return Uint8Array.from([
    ...(threads === 'one' ? ONE_THREAD : []),
    ...(grappler ? [] : NO_GRAPPLER),
    ...(xla ? XLA : []),
  ]);
}
