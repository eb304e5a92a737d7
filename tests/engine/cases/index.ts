import { activationCases } from './activations';
import type { Case, Library } from './case';
import { layerCases } from './layers';
import { lossCases } from './losses';
import { networkCases } from './networks';
import { opCases } from './ops';

export { BATCHES, type Built, type Case, type Library, type Scalar, type Tensor, type Tf } from './case';

/** Everything whose derivatives are examined; the names of one kind differ from each other. */
export function allCases(library: Library): Case[] {
  return [opCases, layerCases, activationCases, lossCases, networkCases].flatMap((cases) => cases(library));
}
