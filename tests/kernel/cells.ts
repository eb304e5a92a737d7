/** Cells compiled and run as a kernel does, in the plainest way: boxes, Node's import, awaits that are not interrupted. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import vm from 'node:vm';
import { CellCompiler } from '../../kernel/src/compiler/compile';
import { newRegistry } from '../../kernel/src/compiler/jsdoc';
import type { CompiledCell, CompileReply, Neighbour } from '../../kernel/src/places/compiled';
import { inRoot } from '../../scripts/setup/paths.mjs';

/** What is parsed once (the standard library) serves all sessions of a test file. */
const registry = newRegistry();
const importModuleDynamically = vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
type Load = (specifier: string, options?: object) => Promise<Record<string, unknown>>;

export interface Run {
  value: unknown;
  cell: CompiledCell;
}

export class TestSession {
  readonly compiler: CellCompiler;
  readonly boxes = new Map<string, { v: unknown }>();
  /** How often `$await` and `$await.each` were called. */
  waits = 0;
  entered = 0;
  each = 0;
  /** What was imported, in order. */
  readonly asked: string[] = [];
  readonly #cwd: string;
  readonly #import: Load;
  readonly #neighbours = new Map<string, Neighbour>();
  readonly #loaded = new Map<string, Promise<Record<string, unknown>>>();
  #id = 0;

  constructor(cwd: string) {
    this.#cwd = cwd;
    this.compiler = new CellCompiler({ cwd, ownTypes: inRoot('node_modules', '@types'), registry });
    const filename = path.join(cwd, 'import.js');
    this.#import = vm.runInThisContext('(s, o) => import(s, o)', {
      filename,
      importModuleDynamically,
    }) as Load;
  }

  compile(code: string, check = true): CompileReply {
    this.#id += 1;
    return this.compiler.compile({ id: this.#id, code, check });
  }

  /** What is wrong with a cell, as `line:column message`. */
  problems(code: string, check = true): string[] {
    const reply = this.compile(code, check);
    if (reply.ok) return [];
    return reply.problems.map(({ line, column, code, message }) => `${line}:${column} TS${code} ${message}`);
  }

  async run(code: string, check = true): Promise<Run> {
    const reply = this.compile(code, check);
    if (!reply.ok) throw new Error(reply.text);
    const { cell } = reply;
    for (const neighbour of cell.neighbours) this.#take(neighbour);
    const value = await this.call(cell);
    this.compiler.commit(cell.id, cell.names);
    return { value, cell };
  }

  async value(code: string, check = true): Promise<unknown> {
    return (await this.run(code, check)).value;
  }

  call(cell: CompiledCell): Promise<unknown> {
    const run = vm.runInThisContext(cell.script, { filename: cell.file, importModuleDynamically });
    const wait = (value: unknown) => {
      this.waits += 1;
      return value;
    };
    const each = (values: unknown) => {
      this.each += 1;
      return values;
    };
    const filename = path.join(this.#cwd, 'notebook.ts');
    const meta = { url: pathToFileURL(filename).href };
    const require = createRequire(filename);
    const load = (specifier: string, attributes?: object) => this.#load(specifier, attributes);
    return run(
      (name: string) => this.#box(name),
      load,
      Object.assign(wait, { each }),
      () => {
        this.entered += 1;
      },
      meta,
      require,
      filename,
      this.#cwd,
    );
  }

  #box(name: string): { v: unknown } {
    const box = this.boxes.get(name) ?? { v: undefined };
    this.boxes.set(name, box);
    return box;
  }

  #take(neighbour: Neighbour): void {
    this.#neighbours.set(neighbour.file, neighbour);
    this.#loaded.clear();
  }

  async #load(specifier: string, attributes?: object): Promise<Record<string, unknown>> {
    this.asked.push(specifier);
    if (this.#neighbours.has(specifier)) return this.#loadNeighbour(specifier);
    return this.#import(specifier, attributes && { with: attributes });
  }

  /** The least of SystemJS: circles see what is exported so far. */
  #loadNeighbour(file: string): Promise<Record<string, unknown>> {
    const known = this.#loaded.get(file);
    if (known) return known;
    const neighbour = this.#neighbours.get(file)!;
    const linked = new Map<string, Module>();
    const link = (file: string): Module => this.#link(file, linked, link);
    const loading = evaluate(link(neighbour.file), new Set(), this.#import);
    this.#loaded.set(file, loading);
    return loading;
  }

  #link(file: string, linked: Map<string, Module>, link: (file: string) => Module): Module {
    const known = linked.get(file);
    if (known) return known;
    const { script, imports } = this.#neighbours.get(file)!;
    const module: Module = { exports: {}, dependencies: [], setters: [], heard: [], execute: () => {} };
    linked.set(file, module);
    const names = 'System, require, __filename, __dirname';
    const run = vm.runInThisContext(`(${names}) => { ${script}\n}`, {
      filename: file,
      importModuleDynamically,
    });
    const system = {
      register(names: string[], declare: Declare) {
        const give = (name: string | Record<string, unknown>, value?: unknown) => {
          Object.assign(module.exports, typeof name === 'string' ? { [name]: value } : name);
          for (const hear of module.heard) hear(module.exports);
          return value;
        };
        const { setters, execute } = declare(give, { meta: { url: pathToFileURL(file).href } });
        Object.assign(module, { setters, execute });
        module.dependencies = names.map((name) => (imports[name] ? link(imports[name]) : name));
      },
    };
    run(system, createRequire(file), file, path.dirname(file));
    return module;
  }
}

interface Module {
  exports: Record<string, unknown>;
  dependencies: (Module | string)[];
  setters: ((exports: unknown) => void)[];
  heard: ((exports: unknown) => void)[];
  execute(): unknown;
}

type Declare = (give: unknown, context: object) => Pick<Module, 'setters' | 'execute'>;

async function evaluate(module: Module, seen: Set<Module>, load: Load): Promise<Record<string, unknown>> {
  if (seen.has(module)) return module.exports;
  seen.add(module);
  for (const [at, dependency] of module.dependencies.entries()) {
    const hear = module.setters[at] ?? (() => {});
    if (typeof dependency === 'string') hear(await load(dependency));
    else {
      dependency.heard.push(hear);
      hear(dependency.exports);
      await evaluate(dependency, seen, load);
    }
  }
  await module.execute();
  return module.exports;
}
