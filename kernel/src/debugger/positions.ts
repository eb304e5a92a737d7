import {
  decodedMappings,
  GREATEST_LOWER_BOUND,
  LEAST_UPPER_BOUND,
  originalPositionFor,
  TraceMap,
} from '@jridgewell/trace-mapping';

/** A line and a column, both from 1. */
export interface Position {
  line: number;
  column: number;
}

/** A source map, read in both directions. */
export class Positions {
  readonly #map: TraceMap;

  constructor(map: string) {
    this.#map = new TraceMap(map);
  }

  /** Where a place of the script stands in the source; nowhere for lines that the compiler added. */
  original({ line, column }: Position): Position | undefined {
    for (const bias of [GREATEST_LOWER_BOUND, LEAST_UPPER_BOUND] as const) {
      const found = originalPositionFor(this.#map, { line, column: column - 1, bias });
      if (found.line !== null) return { line: found.line, column: found.column + 1 };
    }
    return undefined;
  }

  /**
   * Where a line of the source begins in the script. That is the begin of the script's line where nothing else stands
   * before it: what the compiler wrote there (`return`, the box of a variable) belongs to the statement.
   */
  generated(line: number): Position | undefined {
    for (const [index, segments] of decodedMappings(this.#map).entries()) {
      const at = segments.findIndex((segment) => segment[2] === line - 1);
      if (at >= 0) return { line: index + 1, column: at === 0 ? 1 : (segments[at]?.[0] ?? 0) + 1 };
    }
    return undefined;
  }
}
