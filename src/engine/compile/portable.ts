import { type NativeBackend, nativeBackend, type RawNumbers } from '../graph/backend';
import type { SessionMode } from '../graph/config';
import { modeOf, workOf } from '../graph/mode';
import type { Plan } from '../graph/plan';
import type { Capture } from '../graph/recorder';
import { type SerializedGraph, serialize } from '../graph/savedModel';

/** A graph without this process's tensors: what another process needs to run it with one thread. */
export interface Portable {
  graph: SerializedGraph;
  mode: SessionMode;
  /** Multiplications of one run, with the number of rows it was recorded with. */
  work: number;
  /** Fed after the arguments: the numbers it has captured, as they are now; variables too. */
  captures: { values: RawNumbers; shape: readonly number[] }[];
}

/** Copies all that a plan stands on. */
export function portable({ graph, captures }: Plan): Portable {
  const backend = nativeBackend();
  if (backend === undefined) throw new Error('a compiled graph can be sent from the native backend only');
  return {
    graph: serialize(graph, { callerThread: true }),
    mode: { ...modeOf(graph.nodes), threads: 'one' },
    work: workOf(graph.nodes),
    captures: captures.map((capture) => ({
      values: valuesOf(backend, capture).slice(),
      shape: capture.node.outputs[0]?.shape ?? [],
    })),
  };
}

function valuesOf(backend: NativeBackend, { variable, id }: Capture): RawNumbers {
  if (variable === undefined) return backend.binding.tensorDataSync(id as number);
  if (!variable.isDisposed) return variable.dataSync() as RawNumbers;
  throw new Error(
    `the variable ${variable.name} must not be disposed: a compiled function reads it at each call`,
  );
}
