import vm from 'node:vm';
import type { Neighbour } from '../../places/compiled';
import type { Namespace } from './interop';

/** What `System.register` is given: the format that TypeScript emits for `module: system`. */
export interface Registered {
  dependencies: string[];
  declare: (_export: Export, context: RegisterContext) => Declared;
}

/** Sets one export, or each own key of an object. Gives back the value, as an assignment does. */
export type Export = <T>(name: string | Namespace, value?: T) => T;

export interface RegisterContext {
  id: string;
  meta: object;
  import: (specifier: string, attributes?: ImportCallOptions) => Promise<Namespace>;
}

export interface Declared {
  /** One for each dependency: called with its namespace, and again whenever that changes. */
  setters?: (((namespace: Namespace) => void) | undefined)[];
  execute?: () => unknown;
}

/** Evaluates the script of a neighbour, which declares its module and runs nothing of it. */
export function registeredBy(neighbour: Neighbour, scope: Record<string, unknown>): Registered {
  let registered: Registered | undefined;
  const System = {
    register(...given: [...name: string[], dependencies: string[], declare: Registered['declare']]): void {
      const [dependencies, declare] = given.slice(-2) as [string[], Registered['declare']];
      registered = { dependencies, declare };
    },
  };
  const evaluate = vm.compileFunction(neighbour.script, ['System', ...Object.keys(scope)], {
    filename: neighbour.file,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  evaluate(System, ...Object.values(scope));
  if (registered === undefined) throw new Error(`${neighbour.file}: expected a System.register module`);
  return registered;
}
