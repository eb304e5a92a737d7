import type { Case, Library } from './case';
import { attentionCases } from './layers/attention';
import { denseCases } from './layers/dense';
import { imageCases } from './layers/images';
import { normalizationCases } from './layers/normalization';
import { recurrentCases } from './layers/recurrent';

/** Every layer of tfjs-layers. */
export function layerCases(library: Library): Case[] {
  return [denseCases, imageCases, recurrentCases, normalizationCases, attentionCases].flatMap((cases) =>
    cases(library),
  );
}
