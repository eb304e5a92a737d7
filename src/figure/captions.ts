import { counted, words } from './format';
import type { LossInfo, RunInput } from './inputs';

/** The title of a loss axis: `loss (softmax cross entropy)`. */
export function lossLabel(losses: LossInfo[]): string {
  const names = [...new Set(losses.map((loss) => words(loss.name)))];
  return names.length === 1 ? `loss (${names[0]})` : 'loss (see caption)';
}

/** `Loss: softmax cross entropy, 1,437 samples, 2,410 parameters.` */
export function lossSentence(loss: LossInfo): string {
  const samples = loss.samples > 0 ? `mean over ${counted(loss.samples, 'sample')}` : 'analytic';
  return `Loss: ${words(loss.name)}, ${samples}, ${counted(loss.parameters, 'parameter')}.`;
}

/** What several parts of a figure say, each once; a part is named where they differ. */
export function sentences(label: string, parts: [name: string, text: string][]): string {
  const texts = new Set(parts.map(([, text]) => text));
  if (texts.size <= 1) return parts.length === 0 ? '' : `${label}: ${parts[0]![1]}.`;
  return `${label}: ${parts.map(([name, text]) => `${name}, ${text}`).join('; ')}.`;
}

/** A description with its seed, unless it names one already. */
export function withSeed(description: string, seed: number | undefined): string {
  return seed === undefined || /\bseed\b/.test(description) ? description : `${description}, seed ${seed}`;
}

/** `Paths: SGD by momentum, SAM(rho=0.05, momentum); seed 1.`; seeds are named one by one where they differ. */
export function pathSentence(runs: [string, RunInput][]): string {
  if (runs.length === 0) return '';
  const seeds = new Set(runs.map(([, { seed }]) => seed));
  const texts = runs.map(([name, { optimizer = name, seed }]) => {
    const made = optimizer.startsWith(name) ? optimizer : `${name} by ${optimizer}`;
    return seeds.size > 1 ? withSeed(made, seed) : made;
  });
  const [seed] = seeds;
  const shared = seeds.size === 1 && seed !== undefined ? `; seed ${seed}` : '';
  return `Paths: ${texts.join(seeds.size > 1 ? '; ' : ', ')}${shared}.`;
}

/** What a log axis cannot show, said. */
export function leftOut(points: number, what: string): string {
  return points === 0 ? '' : `Log scale: ${counted(points, 'point')} with ${what} ≤ 0 left out.`;
}

/** The sentences of a caption in their order, the empty ones left out and none said twice. */
export function caption(...parts: (string | undefined)[]): string {
  return [...new Set(parts.filter((part) => part !== undefined && part !== ''))].join(' ');
}
