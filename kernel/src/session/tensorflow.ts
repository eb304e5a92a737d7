/**
 * TensorFlow.js after an interrupt. Code of its that was terminated leaves the engine in the middle of scopes, tapes and
 * kernels, and a model that trains for ever: no `finally` has run. Nobody else can put that in order. The kernel has
 * no TensorFlow of its own; what is looked at here is the same in all of tfjs 3 and 4.
 */
import type { Jupyter } from '../display/jupyter';
import { ownContext } from './contexts';
import { epochBars } from './epochBar';

interface Tensor {
  dispose(): void;
}

interface Engine {
  state: {
    activeTape: { saved?: Tensor[] }[] | null;
    gradientDepth: number;
    kernelDepth: number;
    numDataMovesStack: number[];
    scopeStack: object[];
  };
  endScope(): void;
}

/** Where tfjs keeps the one engine that all of its packages share. */
const engineOf = (): Engine | undefined => (globalThis as { _tfengine?: Engine })._tfengine;

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
    state.scopeStack.length = 0;
  }
}

interface Model {
  isTraining: boolean;
  stopTraining: boolean;
}
type Fit = (this: Model, ...given: unknown[]) => Promise<unknown>;
type Layers = { LayersModel?: { prototype: Record<'fit' | 'fitDataset', Fit> } };
type Callbacks = { progressBarHelper?: { ProgressBar: unknown } };

const LAYERS = /[\\/]tfjs-layers[\\/]dist[\\/]/;
const CALLBACKS = /[\\/]tfjs-node(?:-gpu)?[\\/]dist[\\/]callbacks\.js$/;
const known = new WeakSet<object>();

/**
 * Has models hear of an interrupt while they are fitted, and show how far they are by `jupyter.progress`. To be called
 * when modules may have been loaded.
 */
export function ownTraining({ progress }: Pick<Jupyter, 'progress'>): void {
  if (engineOf() === undefined) return;
  for (const [file, module] of Object.entries(require.cache)) {
    const model = LAYERS.test(file) ? (module?.exports as Layers | undefined)?.LayersModel : undefined;
    if (isNew(model))
      for (const name of ['fit', 'fitDataset'] as const) model.prototype[name] = owned(model.prototype[name]);
    const bars = CALLBACKS.test(file)
      ? (module?.exports as Callbacks | undefined)?.progressBarHelper
      : undefined;
    if (isNew(bars)) bars.ProgressBar = epochBars(progress);
  }
}

function isNew<T extends object>(found: T | undefined): found is T {
  if (found === undefined || known.has(found)) return false;
  known.add(found);
  return true;
}

function owned(fit: Fit): Fit {
  return function (...given) {
    const context = ownContext();
    const before = this.isTraining;
    const waiter = context?.waiters.add(() => {
      if (before) return;
      this.isTraining = false;
      this.stopTraining = true;
    });
    return fit.apply(this, given).finally(() => waiter && context?.waiters.remove(waiter));
  };
}
