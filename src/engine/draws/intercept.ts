import { tf } from '../backend';
import { restoring } from '../restoring';

// How a draw of TensorFlow.js is replaced by one of ours. Its operations cannot be exchanged (other operations call
// them inside one bundle), but an unseeded draw goes through three places in one scope, all of which can be:
// 1. its constructor asks Math.random for a seed;
// 2. it assigns its generator to `this.random`: here the limits of the draw are found;
// 3. its numbers become a tensor by the engine's makeTensor: here ours are returned instead.

/** A draw of TensorFlow.js: uniform in [min, min + range), or normal and perhaps cut off at two deviations. */
export type Draw =
  | { kind: 'uniform'; min: number; range: number }
  | { kind: 'normal' | 'truncatedNormal'; mean: number; stdDev: number };

/** Its generator (UniformRandom or MPRandGauss of tfjs-core's rand_util). */
interface Generator {
  min?: number;
  range?: number;
  mean?: number;
  stdDev?: number;
  truncated?: boolean;
}

type MakeTensor = (values: unknown, shape: number[], dtype?: string, backend?: unknown) => tf.Tensor;

const OPERATIONS = ['randomUniform__op', 'randomNormal__op', 'truncatedNormal__op'];
const WITHOUT_STATELESS_FORM = ['randomGamma__op', 'multinomial__op', 'rand__op'];

/** What makes the draws instead. */
export interface Maker {
  make(draw: Draw, shape: number[], dtype: tf.DataType): tf.Tensor;
  /** A number in (0, 1) for a draw that has no stateless form; it may refuse. */
  number(operation: string): number;
}

/** Runs `run` with every unseeded draw of TensorFlow.js made by `maker`; puts everything back, whatever happens. */
export function interceptDraws<T>(maker: Maker, run: () => T): T {
  const engine = tf.engine() as unknown as { makeTensor: MakeTensor };
  const before = {
    random: Math.random,
    makeTensor: engine.makeTensor,
    own: Object.hasOwn(engine, 'makeTensor'),
  };
  let pending: { scope: number; draw: Draw } | undefined;
  const intercepted = (): T => {
    Math.random = () => {
      const { name = '', id = -1 } = tf.engine().state.activeScope ?? {};
      if (WITHOUT_STATELESS_FORM.includes(name)) return maker.number(name.replace('__op', ''));
      if (!OPERATIONS.includes(name)) return before.random.call(Math);
      catchGenerator((generator) => {
        pending = { scope: id, draw: drawOf(generator) };
      });
      // Any seed will do: nothing is drawn from it.
      return 0.5;
    };
    engine.makeTensor = function (this: unknown, values, shape, dtype, backend) {
      const drawn = pending;
      if (drawn === undefined || drawn.scope !== tf.engine().state.activeScope?.id)
        return before.makeTensor.call(this, values, shape, dtype, backend);
      pending = undefined;
      return maker.make(drawn.draw, shape, (dtype ?? 'float32') as tf.DataType);
    };
    return run();
  };
  return restoring(intercepted, () => {
    releaseGenerator();
    Math.random = before.random;
    if (before.own) engine.makeTensor = before.makeTensor;
    else delete (engine as { makeTensor?: MakeTensor }).makeTensor;
  });
}

/**
 * Calls `found` with the object whose `random` is assigned next. A setter every object inherits sees it: the
 * assignment follows in the same constructor, a few instructions later, and takes the setter away again.
 */
function catchGenerator(found: (generator: Generator) => void): void {
  Object.defineProperty(Object.prototype, 'random', {
    configurable: true,
    get: () => undefined,
    set(this: Generator) {
      releaseGenerator();
      // Its numbers are thrown away: making them is saved, and with it a loop that rejects some.
      Object.defineProperty(this, 'nextValue', { value: () => 0 });
      found(this);
    },
  });
}

function releaseGenerator(): void {
  delete (Object.prototype as { random?: unknown }).random;
}

function drawOf({ min = 0, range, mean = 0, stdDev = 1, truncated }: Generator): Draw {
  if (range !== undefined) return { kind: 'uniform', min, range };
  return { kind: truncated ? 'truncatedNormal' : 'normal', mean, stdDev };
}
