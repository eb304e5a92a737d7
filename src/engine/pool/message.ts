import type { SessionMode } from '../graph/config';
import type { SerializedGraph } from '../graph/savedModel';

// What goes between the processes of a pool: numbers and bytes of graphs, never code.

export type RawNumbers = Float32Array | Float64Array | Int32Array | Uint8Array;

/**
 * Numbers and their shape. The array says the type: Float32Array float, Int32Array int32, Uint8Array bool, Float64Array
 * doubles (for the double feeds of a float64 graph).
 */
export interface FeedValues {
  values: RawNumbers;
  shape: readonly number[];
}

/** What a process is given once and keeps, under a number: a graph, or numbers that it holds as a tensor. */
export type Asset =
  | { id: number; graph: SerializedGraph; mode: SessionMode }
  | { id: number; feed: FeedValues };

/** One run of a graph. */
export interface Task {
  /** Assets to let go, before it is given others. */
  drop: readonly number[];
  /** Assets that this process has not got yet. */
  assets: readonly Asset[];
  /** The graph's number, and its feeds in order: numbers, or the number of an asset that holds them. */
  run?: { graph: number; feeds: readonly (FeedValues | number)[] };
}

/** The results in the order of the graph's fetches (doubles as pairs of words), or why there are none. */
export type Answer = { results: RawNumbers[] } | { error: string };
