import { ready, tf } from '../../src/engine';
import { allCases, type Built, type Case } from './cases';
import { seedOf } from './cases/numbers';
import {
  asGraph,
  type Derivatives,
  type Derive,
  directionAt,
  eagerly,
  listsOf,
  once,
  twice,
} from './derivatives';
import { losslab } from './library';

// Run in a process of its own, with LOSSLAB_BACKEND set: prints the derivatives of every case there.

const ROWS = 3;

/** What came of one way to differentiate. */
export interface Found {
  gradient?: number[];
  product?: number[];
  /** Why there is no product. */
  second?: string;
  /** Why there is not even a gradient. */
  first?: string;
}

/** One case: in float32 on the backend and, on the native one, in float64. */
export interface Report {
  kind: Case['kind'];
  name: string;
  eager: Found;
  double?: Found;
}

type Way = (derive: Derive) => Derivatives;

function report(one: Case): Report {
  const { kind, name } = one;
  let built: Built;
  try {
    built = one.build(ROWS);
  } catch (error) {
    const message = (error as Error).message;
    return { kind, name, eager: { second: message, first: message } };
  }
  const shapes = built.at.map(({ shape }) => shape);
  const point = listsOf(built.at);
  const along = directionAt(point, seedOf(name) + 200);
  const inDouble: Way = (derive) => {
    const graph = asGraph(derive, shapes, 'float64');
    try {
      return graph(point, along);
    } finally {
      graph.dispose();
    }
  };
  const native = tf.getBackend() === 'tensorflow';
  const eager = found(built, (derive) => eagerly(derive, shapes)(point, along));
  const both = { kind, name, eager, ...(native && { double: found(built, inDouble) }) };
  built.dispose();
  return both;
}

/** Twice where it can be, else once. */
function found(built: Built, way: Way): Found {
  const second = attempt(() => way(twice(built)));
  if (typeof second !== 'string') return { gradient: [...second.gradient], product: [...second.product] };
  const first = attempt(() => way(once(built)));
  return typeof first === 'string' ? { second, first } : { second, gradient: [...first.gradient] };
}

function attempt(run: () => Derivatives): Derivatives | string {
  try {
    return run();
  } catch (error) {
    return (error as Error).message;
  }
}

void ready().then(() => {
  console.warn = () => undefined;
  process.stdout.write(JSON.stringify(allCases(losslab).map(report)));
});
