import type { Built } from './build';

// What engineInfo() tells of compiled functions.

export interface GraphInfo {
  /** Shapes and types of the arguments. */
  signature: string;
  mode: string;
  nodes: number;
  /** Whether it serves any number of rows. */
  anyRows: boolean;
  /** Constants of a double graph whose digits beyond float32 are lost. */
  rounded: number[];
}

export interface FunctionInfo {
  name: string;
  precision: 'float32' | 'float64';
  graphs: GraphInfo[];
  /** What was said of it that does not last. */
  said?: Set<string>;
  /** Why it runs eagerly, when it does. */
  eager?: string;
}

const functions = new Set<WeakRef<FunctionInfo>>();
const gone = new FinalizationRegistry<() => void>((dispose) => dispose());

/** Notes a function for as long as it can be called; then `dispose` frees what it built. */
export function register(callable: object, info: FunctionInfo, dispose: () => void): void {
  const reference = new WeakRef(info);
  functions.add(reference);
  gone.register(callable, () => {
    functions.delete(reference);
    dispose();
  });
}

/** The functions that have built or refused a graph. */
export function functionInfos(): FunctionInfo[] {
  return [...functions]
    .map((reference) => reference.deref())
    .filter((info) => info !== undefined)
    .filter(({ graphs, eager }) => graphs.length > 0 || eager !== undefined);
}

export function noteGraph(info: FunctionInfo, signature: string, { program, anyRows, rounded }: Built): void {
  const { mode, nodes } = program;
  info.graphs.push({ signature, mode, nodes, anyRows: anyRows !== undefined, rounded });
  if (rounded.length > 0)
    console.warn(
      `losslab: ${info.name} in float64 uses numbers of which only the float32 value is known: ` +
        `${rounded.slice(0, 3).join(', ')}. Write them inside the function as plain numbers`,
    );
}

export function forgetGraph(info: FunctionInfo, signature: string): void {
  const at = info.graphs.findIndex((graph) => graph.signature === signature);
  if (at >= 0) info.graphs.splice(at, 1);
}

/** Once a function and text. */
export function say(info: FunctionInfo, text: string): void {
  info.said ??= new Set();
  if (!info.said.has(text)) console.warn(`losslab: ${info.name} ${text}`);
  info.said.add(text);
}

/** One note a function. */
export function noteEager(info: FunctionInfo, reason: string, silently = false): void {
  if (info.eager !== undefined) return;
  info.eager = reason;
  if (!silently) console.warn(`losslab: ${info.name} runs eagerly, since ${reason}`);
}
