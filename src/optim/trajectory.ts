import type { Vector } from '../vector';

type Point<A extends Vector> = { step: number; theta: A };

/** Keeps at most `limit` points of a path whose length nobody knows yet. */
export interface Recorder<A extends Vector> {
  /** Offers a point; it is read only when it will be kept. */
  offer(step: number, read: () => A): void;
  /** The points kept, and the last one. */
  end(step: number, theta: A): Point<A>[];
}

/** Every point at first; whenever they are too many, every second is let go and only half as many come after. */
export function recorder<A extends Vector>(limit: number): Recorder<A> {
  let points: Point<A>[] = [];
  let stride = 1;
  const thin = (): void => {
    while (points.length > limit - 1) {
      stride *= 2;
      points = points.filter(({ step }) => step % stride === 0);
    }
  };
  return {
    offer: (step, read) => {
      if (step % stride !== 0) return;
      points.push({ step, theta: read() });
      thin();
    },
    end: (step, theta) => [...points.filter((point) => point.step !== step), { step, theta }],
  };
}
