import { type FunctionInfo, functionInfos } from '../compile/functions';
import { loadedCount } from '../compile/loaded';
import { poolInfos } from '../pool';
import { type EngineStamp, engineStamp } from './facts';

/** What the engine is and does now. */
export interface EngineInfo extends EngineStamp {
  /** Functions that have built a graph, or could not and why (`eager`). */
  functions: FunctionInfo[];
  /** Graphs that TensorFlow holds now; the least recently used make room. */
  loadedGraphs: number;
  /** Open pools: processes each may use, this one included, and the children it has now. */
  pools: { processes: number; children: number }[];
}

/** The engine as plain data: it can be written as JSON and does not change afterwards. */
export function engineInfo(): EngineInfo {
  return {
    ...engineStamp(),
    functions: structuredClone(functionInfos()),
    loadedGraphs: loadedCount(),
    pools: poolInfos(),
  };
}
