/** The files of the user's own that a cell reaches by its imports: found, checked, compiled when they have changed. */
import path from 'node:path';
import type { Neighbour } from '../places/compiled';
import type { Cell } from './cells';
import type { Service } from './service';
import { specifiers } from './specifiers';
import { translate } from './translate';
import { ts } from './typescript';

/** What an import of the user's means at run time. */
export interface Target {
  /** A file of the user's own. */
  file?: string;
  isJson: boolean;
}

/** So many sets of files are remembered to be right. */
const REMEMBERED = 64;

export class Neighbours {
  readonly #service: Service;
  /** Which version of a file the session has. */
  readonly #sent = new Map<string, string>();
  readonly #right = new Set<string>();

  constructor(service: Service) {
    this.#service = service;
  }

  /** What a specifier means in a cell or in a neighbour. */
  target(specifier: string, from: string): Target {
    const { resolution, configuration } = this.#service;
    const { resolvedModule } = resolution.find(specifier, from, configuration.options);
    if (resolvedModule === undefined) return { isJson: false };
    const { resolvedFileName: found, isExternalLibraryImport, extension } = resolvedModule;
    const isJson = extension === '.json';
    const file = isExternalLibraryImport ? undefined : runtimeFile(found);
    return file === undefined ? { isJson } : { file, isJson };
  }

  /** All that a text reaches, each after what it imports itself; circles end where they began. */
  reached(text: string, file: string): string[] {
    const seen = new Set<string>();
    const order: string[] = [];
    const reach = (from: string, code: string): void => {
      for (const next of Object.values(this.#imports(code, from))) {
        if (seen.has(next)) continue;
        seen.add(next);
        if (!next.endsWith('.json')) reach(next, this.#service.text(next) ?? '');
        order.push(next);
      }
    };
    reach(file, text);
    return order;
  }

  /** One word for the files and their versions. */
  stamp(files: readonly string[]): string {
    return files.map((file) => `${file} ${this.#service.version(file)}`).join('\n');
  }

  errors(files: readonly string[], program: ts.Program, cell: Cell, check: boolean): ts.Diagnostic[] {
    const stamp = `${check} ${this.stamp(files)}`;
    if (files.length === 0 || this.#right.has(stamp)) return [];
    const errors = files.flatMap((file): readonly ts.Diagnostic[] => {
      const source = program.getSourceFile(file);
      if (source === undefined || file === cell.file) return [];
      const syntax = program.getSyntacticDiagnostics(source);
      if (syntax.length > 0 || !check || file.endsWith('.json')) return syntax;
      return program
        .getSemanticDiagnostics(source)
        .filter(({ category }) => category === ts.DiagnosticCategory.Error);
    });
    if (errors.length > 0) return errors;
    if (this.#right.size >= REMEMBERED) this.#right.clear();
    this.#right.add(stamp);
    return [];
  }

  /** Those that the session does not have as they are now. */
  changed(files: readonly string[]): Neighbour[] {
    return files.flatMap((file) => {
      const version = this.#service.version(file);
      if (this.#sent.get(file) === version) return [];
      const source = this.#service.text(file);
      if (source === undefined) return [];
      const imports = file.endsWith('.json') ? {} : this.#imports(source, file);
      return [
        { file, version, source, imports, ...translate(file, source, this.#service.configuration.options) },
      ];
    });
  }

  arrived(neighbours: readonly Neighbour[]): void {
    for (const { file, version } of neighbours) this.#sent.set(file, version);
  }

  #imports(text: string, from: string): Record<string, string> {
    const imports: Record<string, string> = {};
    for (const specifier of specifiers(text, from)) {
      const { file } = this.target(specifier, from);
      if (file !== undefined) imports[specifier] = file;
    }
    return imports;
  }
}

/** Where a declaration file stands for JavaScript beside it, that is what runs. */
function runtimeFile(found: string): string | undefined {
  const types = /\.d\.([mc]?)ts$/.exec(found);
  if (types === null) return path.normalize(found);
  const script = `${found.slice(0, types.index)}.${types[1]}js`;
  return ts.sys.fileExists(script) ? path.normalize(script) : undefined;
}
