/** From a cell's code to what the session runs, or to what is wrong with it. */
import type { CompileReply, CompileRequest } from '../places/compiled';
import { type Cell, Cells } from './cells';
import { describe, isRelevant } from './diagnostics';
import { emitCell } from './emit';
import { Service, type ServiceOptions } from './service';
import { parseErrors, parseModule, type ts } from './typescript';

export class CellCompiler {
  readonly service: Service;
  readonly cells: Cells;
  readonly #compiled = new Map<number, Cell>();

  constructor(options: ServiceOptions) {
    this.service = new Service(options);
    this.cells = new Cells(this.service);
  }

  compile({ id, code, check }: CompileRequest): CompileReply {
    const file = this.service.cellFile(id);
    const parsed = parseModule(file, code);
    const errors = parseErrors(parsed);
    if (errors.length > 0) return { ok: false, ...describe(errors, 'syntax', file) };
    this.service.beginRound();
    const cell = this.cells.add(id, code, parsed);
    const reply = this.#finish(cell, check);
    if (!reply.ok) this.cells.drop(cell);
    return reply;
  }

  /** After a cell has run: which of its names have their new values. */
  commit(id: number, names: readonly string[]): void {
    const cell = this.#compiled.get(id);
    this.#compiled.delete(id);
    if (cell) this.cells.commit(cell, names);
  }

  #finish(cell: Cell, check: boolean): CompileReply {
    const { file, id, code } = cell;
    const program = this.service.program();
    const errors = check ? this.#errors(program, cell) : [];
    if (errors.length > 0) return { ok: false, ...describe(errors, 'type', file) };
    const { script, map, values } = emitCell(program, cell, ({ text }) => ({ text }));
    this.cells.accept(cell, values);
    this.#compiled.set(id, cell);
    return { ok: true, cell: { id, file, source: code, script, map, names: [...values], neighbours: [] } };
  }

  #errors(program: ts.Program, cell: Cell): ts.Diagnostic[] {
    const found = program.getSemanticDiagnostics(program.getSourceFile(cell.file));
    return found.filter((diagnostic) => isRelevant(diagnostic, cell));
  }
}
