import type { tf } from '../engine';
import { type NamedMetric, namedMetric } from './metrics';
import { type LossFunction, type NamedLoss, namedLoss } from './named';
import { type EachOutput, isByName, namesOf, placeOf, readAll, readEach } from './perOutput';
import { smoothed } from './smoothing';

type Named = string | LossFunction;

/** What is asked of a model's outputs. */
export interface OutputOptions {
  /**
   * A name of TensorFlow.js (`tf.losses` take logits, those of `model.compile` what the model puts out), or a function
   * of labels and predictions to one value a row or to their mean. One for all outputs, or one for each.
   */
  loss: Named | EachOutput<Named>;
  /** The factor of each output's loss in the sum; 1 by default. */
  lossWeights?: EachOutput<number>;
  /**
   * α from 0 to 1, 0 by default: cross-entropies of labels (1 − α)·y + α/K, with K the classes (2 for sigmoid and
   * binary): https://arxiv.org/abs/1512.00567. One for all outputs, or one for each.
   */
  labelSmoothing?: number | EachOutput<number>;
  /** `'accuracy'`, names of `tf.metrics`, or functions; for all outputs, or by their names. None by default. */
  metrics?: readonly Named[] | Readonly<Record<string, Named | readonly Named[]>>;
}

/** One output of a model. */
export interface Output {
  name: string;
  shape: readonly (number | null)[];
  loss: NamedLoss;
  /** Of its loss in the sum. */
  factor: number;
  metrics: NamedMetric[];
}

export function readOutputs(model: tf.LayersModel, options: OutputOptions): Output[] {
  const names = namesOf(model.outputs);
  const losses = readLosses(options.loss, names);
  const factors = readFactors(options.lossWeights, names);
  const alphas = readAlphas(options.labelSmoothing, names);
  const metrics = readMetrics(options.metrics, names);
  return names.map((name, i) => {
    const shape = model.outputs[i]?.shape ?? [];
    const loss = losses[i] as NamedLoss;
    return {
      name,
      shape,
      loss: smoothed(loss, alphas[i] ?? 0, placeOf(options.labelSmoothing, 'labelSmoothing', names, i)),
      factor: factors[i] as number,
      metrics: (metrics[i] ?? []).map((metric) => namedMetric(metric, loss, shape.at(-1) ?? 0)),
    };
  });
}

/** Such as meanSquaredError, or mean + 0.5·other for several outputs. */
export function describeLosses(outputs: readonly Output[]): string {
  const [first] = outputs;
  const alike = outputs.every(({ loss, factor }) => loss.name === first?.loss.name && factor === 1);
  if (first !== undefined && (alike || outputs.length === 1)) return first.loss.name;
  return outputs.map(({ loss, factor }) => (factor === 1 ? loss.name : `${factor}·${loss.name}`)).join(' + ');
}

function readLosses(loss: OutputOptions['loss'], names: readonly string[]): NamedLoss[] {
  if (!Array.isArray(loss) && !isByName(loss)) {
    const one = namedLoss(loss as Named);
    return names.map(() => one);
  }
  return readAll<Named>(loss, 'loss', names).map(namedLoss);
}

function readFactors(weights: OutputOptions['lossWeights'], names: readonly string[]): number[] {
  if (weights === undefined) return names.map(() => 1);
  return readEach<number>(weights, 'lossWeights', names).map((weight = 1, i) => {
    if (typeof weight === 'number' && weight >= 0 && Number.isFinite(weight)) return weight;
    const place = placeOf(weights, 'lossWeights', names, i);
    throw new RangeError(`${place} must be a finite number >= 0, got ${String(weight)}`);
  });
}

function readAlphas(
  smoothing: OutputOptions['labelSmoothing'] = 0,
  names: readonly string[],
): (number | undefined)[] {
  if (!Array.isArray(smoothing) && !isByName(smoothing)) return names.map(() => smoothing as number);
  return readEach(smoothing, 'labelSmoothing', names);
}

function readMetrics(metrics: OutputOptions['metrics'] = [], names: readonly string[]): Named[][] {
  if (Array.isArray(metrics)) return names.map(() => metrics);
  if (!isByName(metrics))
    throw new TypeError(`metrics must be a list, or an object by output, got ${String(metrics)}`);
  return readEach<Named | Named[]>(metrics, 'metrics', names).map((some) => [some ?? []].flat());
}
