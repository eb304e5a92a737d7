/** What a model of TensorFlow.js's layers is known by: the kernel does not import it. */
interface Model {
  layers: unknown[];
  predict: unknown;
  summary(lineLength: undefined, positions: undefined, print: (line: string) => void): void;
}

export function isModel(value: unknown): value is Model {
  if (typeof value !== 'object' || value === null) return false;
  const { layers, predict, summary } = value as Partial<Model>;
  return Array.isArray(layers) && typeof predict === 'function' && typeof summary === 'function';
}

/** Its own summary: layers, shapes, numbers of parameters. Throws while it is not built. */
export function modelText(model: Model): string {
  const lines: string[] = [];
  model.summary(undefined, undefined, (line) => lines.push(line));
  return lines.join('\n');
}
