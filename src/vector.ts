/** A point θ, or a direction: a flat vector. */
export type Vector = Float32Array | Float64Array;
