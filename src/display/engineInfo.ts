import { type EngineInfo, engineInfo as infoOf } from '../engine';
import type { MimeBundle } from './bundle';
import { DISPLAY } from './displayable';
import { type Table, tableHtml, tableText } from './table';

/** What the engine is and does; shown as tables in a notebook. */
export type ShownEngineInfo = EngineInfo & { [DISPLAY](): MimeBundle };

/**
 * What computes and how: backend, TensorFlow's version, threads; each compiled function with its arguments, precision
 * and mode; what runs eagerly instead, and why; graphs and processes there are now.
 *
 * @returns plain data, which shows itself as tables when it is the last expression of a cell.
 * @example
 * ```ts
 * import { compile, engineInfo, tf } from 'losslab';
 *
 * compile((x: tf.Tensor) => x.square().sum(), [tf.zeros([128, 10])], { name: 'squares' });
 * engineInfo();
 * ```
 */
export function engineInfo(): ShownEngineInfo {
  const info = infoOf();
  const shown = Object.defineProperty(info, DISPLAY, { value: () => bundleOf(info) });
  // console.log, and kernels that know no bundles.
  const inspect = Symbol.for('nodejs.util.inspect.custom');
  return Object.defineProperty(shown, inspect, { value: () => textOf(info) }) as ShownEngineInfo;
}

function bundleOf(info: EngineInfo): MimeBundle {
  return { 'text/html': tablesOf(info).map(tableHtml).join('\n'), 'text/plain': textOf(info) };
}

function textOf(info: EngineInfo): string {
  return tablesOf(info).map(tableText).join('\n\n');
}

function tablesOf(info: EngineInfo): Table[] {
  return [factsOf(info), ...functionsOf(info)];
}

function factsOf(info: EngineInfo): Table {
  const { backend, tensorflow, tfjs, threads, callingThread, xla, loadedGraphs, pools } = info;
  const native = tensorflow !== null;
  const rows = [
    ['backend', native ? `${backend}, TensorFlow ${tensorflow}` : backend],
    ['TensorFlow.js', tfjs],
    ['threads', native ? String(threads) : '1'],
    [
      'small graphs',
      native ? (callingThread ? 'in the calling thread' : 'on all cores (stock addon)') : 'not compiled',
    ],
    ['XLA', xla ? 'on request' : 'off'],
    ['graphs loaded', String(loadedGraphs)],
    ...pools.map(({ processes, children }) => [
      'pool',
      `${plural(processes, 'process', 'es')}, ${plural(children, 'child', 'ren')} now`,
    ]),
  ];
  return { head: ['engine', ''], rows };
}

/** Graphs that are shown; the object has them all. */
const MOST_ROWS = 40;

function functionsOf({ functions }: EngineInfo): Table[] {
  const newestFirst = [...functions].reverse();
  const rows = newestFirst.flatMap(({ name, precision, graphs, eager }) => [
    ...graphs.map(({ signature, mode, nodes, anyRows, rounded }, i) => [
      i === 0 ? name : '',
      i === 0 ? precision : '',
      argumentsOf(signature) + (anyRows ? ', any number of rows' : ''),
      mode + (rounded.length > 0 ? `; constants rounded to float32: ${rounded.slice(0, 3).join(', ')}` : ''),
      String(nodes),
    ]),
    ...(eager === undefined
      ? []
      : [[graphs.length > 0 ? '' : name, precision, '', `eagerly, since ${eager}`, '']]),
  ]);
  const over = rows.length - MOST_ROWS;
  if (over > 0) rows.splice(MOST_ROWS, over, [`… and ${over} older ones`, '', '', '', '']);
  return rows.length === 0 ? [] : [{ head: ['function', 'precision', 'arguments', 'runs', 'ops'], rows }];
}

// A text in quotes, a tensor's type and sides, the kind of a plain value, a key, a comma.
const PARTS = /("(?:[^"\\]|\\.)*")(:?)|\b(\w+)\[([\d,]*)\]|\b(?:number|boolean|string):|,/g;

/** A signature (compile/signature.ts) for the eye: `[128×784], int32 [128]`; floats are of the precision said. */
function argumentsOf(signature: string): string {
  return signature
    .slice(1, -1)
    .replace(PARTS, (part, text?: string, colon?: string, type?: string, sides = '') => {
      if (text !== undefined) return colon === ':' ? `${String(JSON.parse(text))}: ` : text;
      if (type === undefined) return part === ',' ? ', ' : '';
      const shape = sides === '' ? 'scalar' : `[${String(sides).replaceAll(',', '×')}]`;
      return type.startsWith('float') ? shape : `${type} ${shape}`;
    });
}

const plural = (count: number, one: string, ending: string): string =>
  `${count} ${one}${count === 1 ? '' : ending}`;
