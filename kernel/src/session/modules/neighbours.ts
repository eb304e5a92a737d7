import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Neighbour } from '../../places/compiled';
import { type Context, currentContext } from '../contexts';
import { signatureOf } from './files';
import type { Namespace } from './interop';
import { isPath } from './missing';
import { ModuleRecord } from './record';

/** What a neighbour needs from outside: everything that is not a neighbour. */
export interface Outside {
  /** The namespace of a module, and its file when it is one that may change. */
  load(
    specifier: string,
    parent: string,
    attributes?: ImportCallOptions,
  ): Promise<{ namespace: Namespace; file?: string }>;
  /** `require`, `import.meta` and the like for a file. */
  scopeOf(file: string): Record<string, unknown>;
  metaOf(file: string): object;
}

/** Records that are executed one after the other, and who asked for them. */
interface Batch {
  context: Context | undefined;
  records: ModuleRecord[];
}

const ENDS = ['', '.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'];
const INDEXES = ENDS.slice(1).map((end) => `${path.sep}index${end}`);

/**
 * The user's own files that the compiler has compiled: loaded once a version, with live bindings, circles and
 * top-level await. When one has changed, those that import it are loaded anew too.
 */
export class Neighbours {
  readonly #known = new Map<string, Neighbour>();
  readonly #records = new Map<string, ModuleRecord>();
  readonly #batches = new Map<ModuleRecord, Batch>();
  readonly #outside: Outside;

  constructor(outside: Outside) {
    this.#outside = outside;
  }

  /** Takes what came with a cell. */
  add(neighbours: readonly Neighbour[]): void {
    for (const neighbour of neighbours) {
      this.#known.set(neighbour.file, neighbour);
      const record = this.#records.get(neighbour.file);
      if (record !== undefined && record.neighbour.version !== neighbour.version) this.#drop(record);
    }
  }

  /** The neighbour that a specifier means, as TypeScript finds it. */
  find(specifier: string, parent: string): string | undefined {
    const mapped = this.#known.get(parent)?.imports[specifier];
    if (mapped !== undefined && this.#known.has(mapped)) return mapped;
    const file = fileOf(specifier, parent);
    if (file === undefined) return undefined;
    const sources = [...ENDS, ...INDEXES].map((end) => file + end);
    // `./x.js` means x.ts where no x.js lies.
    const written = file.replace(/\.([cm]?)js(x?)$/, '.$1ts$2');
    const found = [...sources, written].find((candidate) => this.#known.has(candidate));
    return found !== undefined && existsSync(found) ? found : undefined;
  }

  /** The namespace of a neighbour whose module has been executed. */
  loaded(file: string): Namespace | undefined {
    this.#dropStale(file);
    const record = this.#records.get(file);
    return record?.executed ? record.namespace : undefined;
  }

  /** @param whole Whether all that the module imports must have been executed: false within such a circle. */
  async load(file: string, whole = true): Promise<Namespace> {
    this.#dropStale(file);
    const { record, fresh } = this.#linked(file);
    if (fresh.length > 0) void this.#run({ context: currentContext(), records: fresh });
    await Promise.all((whole ? [...reachable(record)] : [record]).map((each) => each.finished));
    return record.namespace;
  }

  #linked(file: string): { record: ModuleRecord; fresh: ModuleRecord[] } {
    const fresh: ModuleRecord[] = [];
    try {
      return { record: this.#link(file, fresh), fresh };
    } catch (error) {
      for (const record of fresh) this.#drop(record);
      throw error;
    }
  }

  /** Declares a neighbour and all that it imports; what is new comes into `fresh`, dependencies first. */
  #link(file: string, fresh: ModuleRecord[]): ModuleRecord {
    const known = this.#records.get(file);
    if (known !== undefined) return known;
    const record = this.#newRecord(file);
    this.#records.set(file, record);
    try {
      for (const [index, specifier] of record.dependencies.entries()) {
        const dependency = this.find(specifier, file);
        if (dependency === undefined) continue;
        const linked = this.#link(dependency, fresh);
        record.neighbours.push(linked);
        record.connect(index, linked.namespace, linked);
      }
    } catch (error) {
      this.#records.delete(file);
      throw error;
    }
    fresh.push(record);
    return record;
  }

  #newRecord(file: string): ModuleRecord {
    const neighbour = this.#known.get(file);
    if (neighbour === undefined) throw new Error(`${file} was not compiled`);
    return new ModuleRecord(neighbour, this.#outside.scopeOf(file), {
      meta: this.#outside.metaOf(file),
      import: (specifier, attributes) => this.#import(String(specifier), file, attributes),
    });
  }

  async #import(specifier: string, parent: string, attributes?: ImportCallOptions): Promise<Namespace> {
    const file = this.find(specifier, parent);
    if (file !== undefined) return this.load(file, false);
    return (await this.#outside.load(specifier, parent, attributes)).namespace;
  }

  async #run(batch: Batch): Promise<void> {
    for (const record of batch.records) this.#batches.set(record, batch);
    try {
      await Promise.all(batch.records.map((record) => this.#connectOutside(record)));
      for (const record of batch.records) {
        await Promise.all(record.neighbours.filter((each) => this.#isElsewhere(each, batch)).map(finished));
        if (batch.context?.ended !== undefined) throw batch.context.ended;
        await record.execute();
        this.#batches.delete(record);
      }
    } catch (error) {
      this.#giveUp(batch, error);
    }
  }

  /** Executed by another import, which may still be at it. */
  #isElsewhere(record: ModuleRecord, batch: Batch): boolean {
    return !record.executed && this.#batches.get(record) !== batch;
  }

  /** A later import tries again those that did not get done, and those that import them. */
  #giveUp(batch: Batch, error: unknown): void {
    for (const record of batch.records) {
      if (record.executed) continue;
      this.#drop(record);
      record.fail(error);
    }
  }

  async #connectOutside(record: ModuleRecord): Promise<void> {
    const { file } = record.neighbour;
    const connect = async (specifier: string, index: number): Promise<void> => {
      if (this.find(specifier, file) !== undefined) return;
      const loaded = await this.#outside.load(specifier, file);
      record.connect(index, loaded.namespace);
      if (loaded.file !== undefined) record.files.set(loaded.file, signatureOf(loaded.file));
    };
    await Promise.all(record.dependencies.map(connect));
  }

  /** Drops what was loaded from files that changed since, and what an interrupt left half executed. */
  #dropStale(file: string): void {
    const record = this.#records.get(file);
    if (record === undefined) return;
    for (const each of reachable(record)) {
      const changed = [...each.files].some(([name, signature]) => signatureOf(name) !== signature);
      if (changed || this.#batches.get(each)?.context?.ended !== undefined) this.#drop(each);
    }
  }

  /** Forgets a record and all that import it. */
  #drop(record: ModuleRecord): void {
    if (this.#records.get(record.neighbour.file) !== record) return;
    this.#records.delete(record.neighbour.file);
    this.#batches.delete(record);
    for (const other of [...this.#records.values()]) {
      if (other.neighbours.includes(record)) this.#drop(other);
    }
  }
}

const finished = (record: ModuleRecord): Promise<void> => record.finished;

function fileOf(specifier: string, parent: string): string | undefined {
  if (specifier.startsWith('file:')) return fileURLToPath(specifier);
  return isPath(specifier) ? path.resolve(path.dirname(parent), specifier) : undefined;
}

/** A record and all the records that it imports, directly or not. */
function reachable(record: ModuleRecord, seen: Set<ModuleRecord> = new Set()): Set<ModuleRecord> {
  if (seen.has(record)) return seen;
  seen.add(record);
  for (const each of record.neighbours) reachable(each, seen);
  return seen;
}
