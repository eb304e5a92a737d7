import type { Case, Library } from './case';
import { binaryCases, unaryCases } from './ops/elementwise';
import { formCases } from './ops/forms';
import { convolutionCases, poolCases } from './ops/images';
import { productCases } from './ops/products';
import { reductionCases } from './ops/reductions';
import { shapeCases } from './ops/shapes';

/** Every op of tfjs-core that has a gradient. */
export function opCases(library: Library): Case[] {
  return [
    ...[
      unaryCases,
      binaryCases,
      reductionCases,
      shapeCases,
      productCases,
      convolutionCases,
      poolCases,
      formCases,
    ],
  ].flatMap((cases) => cases(library));
}
