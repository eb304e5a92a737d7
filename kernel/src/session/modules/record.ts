import type { Neighbour } from '../../places/compiled';
import type { Namespace } from './interop';
import { type Declared, type Export, type RegisterContext, registeredBy } from './register';

/** A neighbour in one of its versions, on its way from declared to executed. */
export class ModuleRecord {
  readonly neighbour: Neighbour;
  readonly namespace: Namespace = newNamespace();
  readonly dependencies: readonly string[];
  /** Of the dependencies, those that are neighbours too. */
  readonly neighbours: ModuleRecord[] = [];
  /** Of the dependencies, the user's own files that Node loads, as they were then. */
  readonly files: Map<string, string> = new Map();
  readonly finished: Promise<void>;
  executed: boolean = false;
  readonly #setters: NonNullable<Declared['setters']>;
  readonly #execute: () => unknown;
  readonly #listeners = new Set<() => void>();
  #finish: (error?: unknown) => void = () => {};

  constructor(neighbour: Neighbour, scope: Record<string, unknown>, context: Omit<RegisterContext, 'id'>) {
    this.neighbour = neighbour;
    this.finished = new Promise<void>((resolve, reject) => {
      this.#finish = (error) => (error === undefined ? resolve() : reject(error));
    });
    // Whoever waits for it hears of a failure; nobody has to.
    this.finished.catch(() => {});
    const { dependencies, declare } = registeredBy(neighbour, scope);
    this.dependencies = dependencies;
    const { setters = [], execute = () => {} } = declare(this.#export, { id: neighbour.file, ...context });
    this.#setters = setters;
    this.#execute = execute;
  }

  /** Gives a dependency to the module, now and whenever one of its exports changes. */
  connect(index: number, namespace: Namespace, changes?: ModuleRecord): void {
    const set = this.#setters[index];
    if (set === undefined) return;
    set(namespace);
    if (changes !== undefined) changes.#listeners.add(() => set(namespace));
  }

  async execute(): Promise<void> {
    const run = this.#execute;
    await run();
    this.executed = true;
    this.#finish();
  }

  /** Those who wait for this module get the error of the one that failed. */
  fail(error: unknown): void {
    this.#finish(error ?? new Error('a module threw nothing'));
  }

  readonly #export: Export = (name, value) => {
    const given = typeof name === 'string' ? { [name]: value } : name;
    let changed = false;
    for (const [key, now] of Object.entries(given)) {
      if (key in this.namespace && Object.is(this.namespace[key], now)) continue;
      this.namespace[key] = now;
      changed = true;
    }
    if (changed) for (const listener of this.#listeners) listener();
    return value as never;
  };
}

function newNamespace(): Namespace {
  return Object.defineProperty(Object.create(null), Symbol.toStringTag, { value: 'Module' });
}
