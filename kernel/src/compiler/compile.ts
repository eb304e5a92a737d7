/** From a cell's code to what the session runs, or to what is wrong with it. */
import type { CompileReply, CompileRequest, Neighbour } from '../places/compiled';
import { type Cell, Cells } from './cells';
import { describe, type Problems, relevant } from './diagnostics';
import { emitCell, mapOf } from './emit';
import { Missed } from './missed';
import { helped } from './missing';
import { Neighbours } from './neighbours';
import { parseCell } from './object';
import { helpWithSyntax } from './pythonSyntax';
import { type Compiled, Remembered } from './remembered';
import { Service, type ServiceOptions } from './service';
import { parseErrors, ts } from './typescript';

export class CellCompiler {
  readonly service: Service;
  readonly cells: Cells;
  readonly #neighbours: Neighbours;
  readonly #remembered: Remembered;
  readonly #missed = new Missed();
  /** Compiled cells that have not run yet, by the number of their request. */
  readonly #waiting = new Map<number, { cell: Cell; neighbours: readonly Neighbour[] }>();

  constructor(options: ServiceOptions) {
    this.service = new Service(options);
    this.cells = new Cells(this.service);
    this.#neighbours = new Neighbours(this.service);
    this.#remembered = new Remembered(this.cells);
  }

  compile(request: CompileRequest): CompileReply {
    if (this.service.beginRound()) this.#remembered.clear();
    const { code, check } = request;
    const known = this.#remembered.find(code, check, (files) => this.#neighbours.stamp(files));
    if (known !== undefined) return this.#reply(request, known);
    try {
      return this.#compileNew(request);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return tooDeep();
    }
  }

  /** After a cell has run: which of its names have their new values. */
  commit(id: number, names: readonly string[]): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    // Ids grow: what was asked for before has run, or never will.
    for (const earlier of this.#waiting.keys()) if (earlier <= id) this.#waiting.delete(earlier);
    // Only now it is sure that the session has them: an answer may have been dropped on its way.
    this.#neighbours.arrived(waiting.neighbours);
    this.cells.commit(waiting.cell, names, id);
    const unreached = [...waiting.cell.values].filter((name) => !names.includes(name));
    if (unreached.length > 0)
      this.#missed.unreached(parseCell(waiting.cell.file, waiting.cell.code), new Set(unreached));
  }

  #compileNew(request: CompileRequest): CompileReply {
    const { id, code, check } = request;
    const file = this.service.cellFile(id);
    const parsed = parseCell(file, code);
    const asWritten = { file, code, linesBefore: 0 as const };
    const wrong = parseErrors(parsed);
    if (wrong.length > 0) {
      this.#missed.refused(parsed);
      return { ok: false, ...withHint(describe(wrong, 'syntax', asWritten), code) };
    }
    const misconfigured = check ? this.service.configuration.errors : [];
    if (misconfigured.length > 0) return { ok: false, ...describe(misconfigured, 'type', asWritten) };
    const cell = this.cells.add(id, code, parsed);
    try {
      return this.#checkAndEmit(cell, request);
    } finally {
      if (!cell.compiled) {
        this.cells.drop(cell);
        this.#missed.refused(parsed);
      }
    }
  }

  #checkAndEmit(cell: Cell, request: CompileRequest): CompileReply {
    const { check } = request;
    const program = this.service.program();
    const files = this.#neighbours.reached(cell.code, cell.file);
    const errors = [
      ...this.#neighbours.errors(files, program, cell, check),
      ...(check ? relevant(program.getSemanticDiagnostics(program.getSourceFile(cell.file)), cell) : []),
    ];
    if (errors.length > 0) {
      const told = helped(errors, this.service, this.#missed);
      return { ok: false, ...describe(told, 'type', cell) };
    }
    const { values, ...emitted } = emitCell(program, cell, (literal) => this.#specifier(literal, cell));
    this.cells.accept(cell, values);
    const compiled: Compiled = { cell, check, files, stamp: this.#neighbours.stamp(files), ...emitted };
    this.#remembered.keep(compiled);
    return this.#reply(request, compiled);
  }

  #reply({ id, code }: CompileRequest, { cell, script, mappings, files }: Compiled): CompileReply {
    const file = this.service.cellFile(id);
    const neighbours = this.#neighbours.changed(files);
    this.#waiting.set(id, { cell, neighbours });
    const names = [...cell.values];
    return {
      ok: true,
      cell: { id, file, source: code, script, map: mapOf(file, mappings), names, neighbours },
    };
  }

  /** A file of the user's own is asked for by its path, whatever folder or alias it was written with. */
  #specifier({ text }: ts.StringLiteralLike, cell: Cell): { text: string; type?: string } {
    const { file, isJson } = this.#neighbours.target(text, cell.file);
    if (file !== undefined) return { text: file };
    return isJson ? { text, type: 'json' } : { text };
  }
}

/** TypeScript walks a tree by calling itself. */
function tooDeep(): CompileReply {
  const message = `The cell is nested too deeply for TypeScript ${ts.version}: split its longest expression.`;
  return { ok: false, problems: [{ kind: 'syntax', code: 0, message, line: 1, column: 1 }], text: message };
}

function withHint({ problems, text }: Problems, code: string): Problems {
  const hint = helpWithSyntax(code, problems);
  return hint === undefined ? { problems, text } : { problems, text: `${text}\n${hint}` };
}
