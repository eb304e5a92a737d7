import type { Boxes } from '../boxes';

/**
 * Runs code that names the notebook's variables as a person writes them: compiled cells have them in boxes. For that
 * time they are globals, which a function's own variables hide as they would in the cell.
 */
export function withinReach<T>(boxes: Boxes, run: () => T): T {
  const before = new Map<string, PropertyDescriptor | undefined>();
  for (const [name, box] of boxes) {
    const hidden = Object.getOwnPropertyDescriptor(globalThis, name);
    const isReachable = Reflect.defineProperty(globalThis, name, {
      get: () => box.v,
      set: (value) => {
        box.v = value;
      },
      configurable: true,
    });
    if (isReachable) before.set(name, hidden);
  }
  try {
    return run();
  } finally {
    for (const [name, hidden] of before)
      if (hidden === undefined) Reflect.deleteProperty(globalThis, name);
      else Object.defineProperty(globalThis, name, hidden);
  }
}
