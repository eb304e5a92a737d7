/** TensorFlow.js while a cell computes with it: its operations and trainings hear of interrupts, fits show a bar. */
import { setImmediate } from 'node:timers';
import type { Jupyter } from '../display/jupyter';
import { ownContext } from './contexts';
import { type Engine, engineOf } from './engine';
import { epochBars } from './epochBar';
import { refuseEnded } from './refuse';

/** Node's own, whatever becomes of the module's. */
const nextTurn = setImmediate;

interface Model {
  isTraining: boolean;
  stopTraining: boolean;
  history?: { syncData(): Promise<void> };
}
type Fit = (this: Model, ...given: unknown[]) => Promise<unknown>;
type Layers = { LayersModel?: { prototype: Record<'fit' | 'fitDataset', Fit> } };
type Callbacks = { progressBarHelper?: { ProgressBar: unknown } };

const LAYERS = /[\\/]tfjs-layers[\\/]dist[\\/]/;
const CALLBACKS = /[\\/]tfjs-node(?:-gpu)?[\\/]dist[\\/]callbacks\.js$/;
const known = new WeakSet<object>();

/**
 * Has operations and models hear of an interrupt, and models that are fitted show how far they are by
 * `jupyter.progress`. To be called when modules may have been loaded.
 */
export function ownTraining({ progress }: Pick<Jupyter, 'progress'>): void {
  const engine = engineOf();
  if (engine === undefined) return;
  if (isNew(engine)) ownOperations(engine);
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

/** Each operation asks first: between two of them every gradient, scope and step is left in order. */
function ownOperations(engine: Engine): void {
  const { runKernel } = engine;
  engine.runKernel = function (...given) {
    refuseEnded();
    return runKernel.apply(this, given);
  };
}

function isNew<T extends object>(found: T | undefined): found is T {
  if (found === undefined || known.has(found)) return false;
  known.add(found);
  return true;
}

/** Until the end of a training its losses are tensors, which nobody would dispose: numbers from here on. */
async function keepHistory({ history }: Model): Promise<void> {
  await history?.syncData().catch(() => undefined);
}

function owned(fit: Fit): Fit {
  return function (...given) {
    const context = ownContext();
    const before = this.isTraining;
    const waiter = context?.waiters.add(() => {
      if (before) return;
      this.isTraining = false;
      this.stopTraining = true;
      nextTurn(() => void keepHistory(this));
    });
    return fit.apply(this, given).finally(() => waiter && context?.waiters.remove(waiter));
  };
}
