import { type Case, type Library, type Scalar, sized, type Tensor, type Tf } from './case';
import { drawn, drawnIntegers, type Range, seedOf } from './numbers';
import { scored } from './score';

type Symbolic = ReturnType<Tf['input']>;
type Model = ReturnType<Tf['model']>;

interface Options {
  kind?: Case['kind'];
  /** Inputs are whole numbers below this: they are no part of the point. */
  integers?: number;
  range?: Range;
  weights?: Range;
  training?: boolean;
  double?: false;
  draws?: true;
}

/**
 * A model as a case: the point is its float inputs, then its trainable weights.
 * @param shapes of the inputs, without the batch
 */
export function modelCase(
  library: Library,
  name: string,
  shapes: number[][],
  connect: (...inputs: Symbolic[]) => Symbolic | Symbolic[],
  options: Options = {},
): Case {
  const { kind = 'layer', double, draws } = options;
  const build: Case['build'] = (rows) => {
    const symbols = shapes.map((shape) => library.tf.input({ shape }));
    const model = library.tf.model({ inputs: symbols, outputs: connect(...symbols) });
    return prepare(
      library,
      model,
      feeds(library.tf, shapes, rows, seedOf(name), options),
      seedOf(name),
      options,
    );
  };
  return { name, kind, build, ...(double === false && { double }), ...(draws && { draws }) };
}

function feeds(tf: Tf, shapes: number[][], rows: number, seed: number, options: Options): Tensor[] {
  const { integers, range = [-1, 1] } = options;
  return shapes.map((shape, i) =>
    integers === undefined
      ? drawn(tf, sized([rows, ...shape], rows), seed + 10 + i, range)
      : drawnIntegers(tf, sized([rows, ...shape], rows), seed + 10 + i, integers),
  );
}

function prepare(library: Library, model: Model, inputs: Tensor[], seed: number, options: Options) {
  const { tf, withWeights, penalties } = library;
  const { integers, weights: range = [-0.7, 0.7], training = false } = options;
  drawStatistics(tf, model, seed);
  const weights = model.trainableWeights.map((w, i) => drawn(tf, w.shape.map(Number), seed + 50 + i, range));
  const moving = integers === undefined ? inputs : [];
  const outputs = (point: Tensor[]) => {
    const fed = integers === undefined ? point.slice(0, inputs.length) : inputs;
    return withWeights(
      model,
      point.slice(moving.length),
      () => model.apply(fed, { training }) as Tensor | Tensor[],
    );
  };
  const built = scored(tf, [...moving, ...weights], seed, outputs, () => {
    // A layer that is used twice keeps its weights when its model goes.
    const own = model.weights.map((weight) => weight.read());
    model.dispose();
    tf.dispose(own);
    if (moving.length === 0) tf.dispose(inputs);
  });
  const run = (point: Tensor[]): Scalar => {
    const extra = withWeights(model, point.slice(moving.length), () => penalties(model));
    return extra.reduce((sum, penalty) => tf.add(sum, penalty), built.run(point));
  };
  return { ...built, run };
}

/** Moving averages away from 0 and 1, so that a mean or a variance left out shows. */
function drawStatistics(tf: Tf, model: Model, seed: number): void {
  const before = model.nonTrainableWeights;
  const values = before.map((w, i) => drawn(tf, w.shape.map(Number), seed + 90 + i, [0.5, 1.5]));
  before.forEach((w, i) => {
    w.write(values[i] as Tensor);
  });
  tf.dispose(values);
}
