import vm from 'node:vm';
import type { Displays } from '../display/globals';
import { toDisplay, toResult } from '../display/toDisplay';
import type { CompiledCell } from '../places/compiled';
import type { CellError, Display } from '../places/messages';
import type { Boxes } from './boxes';
import { type Context, inContext } from './contexts';
import { entering } from './enter';
import { toCellError } from './errors/cellError';
import type { Scripts } from './errors/scripts';
import { guard } from './guard';
import type { Importer } from './modules/importer';
import { runInterruptibly } from './running';
import { ownTraining } from './training';
import type { Traps } from './traps';

/** What a compiled cell is given: see `CompiledCell.script`. */
type CellFunction = (
  $: Boxes['get'],
  $import: Importer['import'],
  $await: typeof guard,
  $enter: () => void,
  $meta: object,
  require: NodeJS.Require,
  filename: string,
  dirname: string,
) => Promise<unknown>;

export interface Means {
  boxes: Boxes;
  importer: Importer;
  scripts: Scripts;
  displays: Displays;
  traps: Traps;
}

export interface Outcome {
  result?: Display;
  error?: CellError;
}

/** Runs a compiled cell in its context, and makes its last value or its error ready to be shown. */
export function runCell(cell: CompiledCell, context: Context, means: Means): Promise<Outcome> {
  return outcomeOf(context, means, async () => {
    const shown = toResult(await call(cell, context, means));
    return shown instanceof Promise ? await shown : shown;
  });
}

/** Evaluates a user expression: it has a result even where that is undefined. */
export function express(cell: CompiledCell, context: Context, means: Means): Promise<Outcome> {
  return outcomeOf(context, means, async () => toDisplay(await call(cell, context, means)));
}

async function outcomeOf(
  context: Context,
  means: Means,
  run: () => Promise<Display | undefined>,
): Promise<Outcome> {
  try {
    const result = await runInterruptibly(context, run);
    await runInterruptibly(context, () => means.displays.settle(context));
    return result === undefined ? {} : { result };
  } catch (error) {
    return { error: await explain(error, context, means) };
  }
}

/** Reading an error may run code of the user's, which may be interrupted too. */
export async function explain(
  error: unknown,
  context: Context,
  { traps, displays, scripts }: Pick<Means, 'traps' | 'displays' | 'scripts'>,
): Promise<CellError> {
  traps.told(error);
  if (context.ended !== undefined) traps.told(context.ended);
  displays.stop(context);
  if (context.ended !== undefined) return toCellError(context.ended, scripts);
  try {
    return await runInterruptibly(context, () => toCellError(error, scripts));
  } catch (interruption) {
    return inContext(context, () => toCellError(interruption, scripts));
  }
}

function call(cell: CompiledCell, context: Context, { boxes, importer, displays }: Means): Promise<unknown> {
  importer.loadNeighbours(cell.neighbours);
  const script = new vm.Script(cell.script, {
    filename: cell.file,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  const run: CellFunction = script.runInThisContext();
  return run(
    boxes.get,
    (specifier, attributes) =>
      importer.import(specifier, attributes).finally(() => ownTraining(displays.jupyter)),
    guard,
    entering(context),
    importer.meta,
    importer.require,
    importer.filename,
    importer.dirname,
  );
}
