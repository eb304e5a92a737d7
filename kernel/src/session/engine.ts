/**
 * The engine of TensorFlow.js after code of its was terminated in the middle of scopes, tapes and kernels: no `finally`
 * has run, and nobody else can put that in order. The kernel has no TensorFlow of its own; what is looked at here is the
 * same in all of tfjs 3 and 4.
 */
interface Tensor {
  dispose(): void;
}

export interface Engine {
  state: {
    activeTape: { saved?: Tensor[] }[] | null;
    gradientDepth: number;
    kernelDepth: number;
    numDataMovesStack: number[];
    scopeStack: object[];
    activeScope: object | null;
  };
  endScope(): void;
  runKernel(...given: unknown[]): unknown;
}

/** Where tfjs keeps the one engine that all of its packages share. */
export const engineOf = (): Engine | undefined => (globalThis as { _tfengine?: Engine })._tfengine;

/** To be called when code was terminated and nothing is on the stack. */
export function leaveEngine(): void {
  const engine = engineOf();
  if (engine === undefined) return;
  const { state } = engine;
  const saved = (state.activeTape ?? []).flatMap((node) => node.saved ?? []);
  Object.assign(state, { activeTape: null, gradientDepth: 0, kernelDepth: 0, numDataMovesStack: [] });
  try {
    for (const tensor of saved) tensor.dispose();
    while (state.scopeStack.length > 0) engine.endScope();
  } catch {
    // What was half made can not be given back: it is lost, the engine is not.
    Object.assign(state, { scopeStack: [], activeScope: null });
  }
}
