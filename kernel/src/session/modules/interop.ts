import { inspect, types } from 'node:util';

/** What `import * as ns` gives. */
export type Namespace = Record<string, unknown>;

const namespaces = new WeakMap<object, Namespace>();

/**
 * A CommonJS module as an ES module, the way TypeScript types it with esModuleInterop: Node's own namespace lacks the
 * exports that its lexer does not see, and its default is always the whole of `module.exports`.
 */
export function namespaceOf(exports: unknown): Namespace {
  if (types.isModuleNamespaceObject(exports)) return exports as Namespace;
  if (!isObject(exports)) return newNamespace(exports);
  const known = namespaces.get(exports);
  // Exports may have been added since.
  if (known !== undefined && addMissing(known, exports)) return known;
  const namespace = newNamespace(exports);
  addMissing(namespace, exports);
  namespaces.set(exports, namespace);
  return namespace;
}

function isObject(value: unknown): value is Namespace {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/** Inherited members and those added later are found through the prototype; getters see their own object as `this`. */
function newNamespace(exports: unknown): Namespace {
  const behind = isObject(exports) ? new Proxy(exports, { get: inherited, set: () => false }) : null;
  const namespace: Namespace = Object.create(behind);
  Object.defineProperty(namespace, Symbol.toStringTag, { value: 'Module' });
  Object.defineProperty(namespace, inspect.custom, { value: () => exports });
  Object.defineProperty(namespace, 'default', { enumerable: true, get: () => defaultOf(exports) });
  return namespace;
}

/** A module that is a promise is no promise of a module. */
function inherited(exports: Namespace, key: string | symbol): unknown {
  return key === 'then' ? undefined : Reflect.get(exports, key);
}

/** What a transpiled ES module says is its default; without one, types allow the whole module in its place. */
function defaultOf(exports: unknown): unknown {
  const transpiled = isObject(exports) && exports.__esModule === true && 'default' in exports;
  return transpiled ? exports.default : exports;
}

/** @returns always true */
function addMissing(namespace: Namespace, exports: Namespace): boolean {
  for (const key of Object.keys(exports)) {
    if (Object.hasOwn(namespace, key)) continue;
    Object.defineProperty(namespace, key, { enumerable: true, configurable: true, get: () => exports[key] });
  }
  return true;
}
