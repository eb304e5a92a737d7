import type { Inspection } from '../places/compiled';
import type { CellCompiler } from './compile';

export function inspect(
  _compiler: CellCompiler,
  _code: string,
  _cursor: number,
  _detail: 0 | 1,
): Inspection | undefined {
  return undefined;
}
