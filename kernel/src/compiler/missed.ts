/** Names that cells would have declared which had an error: who uses one of them wants to hear of that. */
import { Recent } from '../places/recent';
import { declarations } from './syntax';
import { ts } from './typescript';

/** Names that are kept. */
const KEPT = 1000;
/** Characters of a declaration that are shown. */
const SHOWN = 60;

export class Missed {
  readonly #names = new Recent<string, string>(KEPT);

  /** A cell has an error, so that it does not run. */
  refused(cell: ts.SourceFile): void {
    this.#note(cell, 'a cell that did not run, as it has an error, declares it');
  }

  /** A cell has ended before it came to these names. */
  unreached(cell: ts.SourceFile, names: ReadonlySet<string>): void {
    this.#note(cell, 'a cell that ended before it came there declares it', names);
  }

  help(name: string): string | undefined {
    return this.#names.get(name);
  }

  #note(cell: ts.SourceFile, why: string, names?: ReadonlySet<string>): void {
    for (const statement of cell.statements.filter((each) => !isPython(each, cell)))
      for (const [name] of declarations(statement)) {
        const [line = ''] = statement.getText(cell).split(/\r\n|[\r\n]/, 1);
        const shown = line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line;
        if (names?.has(name) !== false) this.#names.set(name, `${why}: ${shown}`, 1);
      }
  }
}

/** `import math` declares nothing here. TypeScript expects a `=` behind the name, and takes the next line for what follows. */
const isPython = (statement: ts.Statement, cell: ts.SourceFile): boolean =>
  ts.isImportEqualsDeclaration(statement) && !/^import\s+(type\s+)?\S+\s*=/.test(statement.getText(cell));
