import { restoring } from '../restoring';

// TensorFlow.js rounds every number it is given to float32 before a backend sees it. To compute the same function in
// double precision, the numbers as they were written are wanted: √½, 0.1, 1/3.

const sources = new WeakMap<Float32Array, ArrayLike<number>>();

/** What a Float32Array made inside `rememberDoubles` was made from, when that was a list of plain numbers. */
export function doublesOf(values: Float32Array): Float64Array | undefined {
  const source = sources.get(values);
  return source === undefined ? undefined : Float64Array.from(source);
}

/** Runs `run` while each `new Float32Array(list of numbers)` remembers its list. */
export function rememberDoubles<T>(run: () => T): T {
  const original = globalThis.Float32Array;
  const proxy: typeof Float32Array = new Proxy(original, {
    construct(target, args, newTarget) {
      const made = Reflect.construct(target, args, newTarget === proxy ? target : newTarget) as Float32Array;
      const [list] = args as unknown[];
      if (Array.isArray(list) && typeof list[0] === 'number') sources.set(made, list.slice());
      return made;
    },
  });
  const proxied = (): T => {
    globalThis.Float32Array = proxy;
    return run();
  };
  return restoring(proxied, () => {
    globalThis.Float32Array = original;
  });
}
