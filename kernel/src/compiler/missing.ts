/** What helps when a name, a module or a member is not found. */
import type { Missed } from './missed';
import { helpWithMember } from './missingMembers';
import { helpWithModule, NOT_FOUND } from './missingModules';
import { helpWithName, NO_NAME } from './missingNames';
import type { Service } from './service';
import { ts } from './typescript';

/**
 * The errors of a cell with what helps below them. The same help with the same name is given once; and where one cell has
 * failed to declare a name, only its first use is told.
 */
export function helped(errors: readonly ts.Diagnostic[], service: Service, missed: Missed): ts.Diagnostic[] {
  const told = new Set<string>();
  return errors.flatMap((error) => {
    const named = namedBy(error);
    const help = helpFor(error, named, service, missed);
    if (help === undefined) return [error];
    const isTold = told.has(`${named} ${help}`);
    if (isTold && help === missed.help(named)) return [];
    told.add(`${named} ${help}`);
    return [withHelp(error, isTold ? '' : `\n  ${help}`)];
  });
}

function namedBy({ file, start = 0, length = 0 }: ts.Diagnostic): string {
  return file?.text.slice(start, start + length) ?? '';
}

function helpFor(error: ts.Diagnostic, named: string, service: Service, missed: Missed): string | undefined {
  const { code, file, start, messageText } = error;
  if (file === undefined || start === undefined) return undefined;
  if (NO_NAME.has(code))
    return missed.help(named) ?? helpWithName(named, { text: file.text, start }, exportsOf(service, file));
  if (NOT_FOUND.has(code)) return helpWithModule(named.replace(/^['"`]|['"`]$/g, ''), file.fileName, service);
  return helpWithMember(code, named, ts.flattenDiagnosticMessageText(messageText, '\n'));
}

/** What TypeScript advises of its settings leads away from a notebook. */
const SETTINGS = / Do you need to change your target library\?.*/;

function withHelp(error: ts.Diagnostic, help: string): ts.Diagnostic {
  const said = ts.flattenDiagnosticMessageText(error.messageText, '\n').replace(SETTINGS, '');
  return { ...error, messageText: `${said}${help}` };
}

/** The library's names, read from its declarations when they are asked for: it may be no part of the program yet. */
function exportsOf(service: Service, { fileName }: ts.SourceFile): () => ReadonlySet<string> {
  return () => {
    const { resolvedModule } = service.resolution.find('losslab', fileName, service.configuration.options);
    const text = resolvedModule && ts.sys.readFile(resolvedModule.resolvedFileName);
    return new Set(text === undefined ? [] : exported(text));
  };
}

function exported(text: string): string[] {
  return ts
    .createSourceFile('index.d.ts', text, ts.ScriptTarget.ESNext)
    .statements.filter(ts.isExportDeclaration)
    .flatMap(({ exportClause: some }) => (some && ts.isNamedExports(some) ? [...some.elements] : []))
    .map(({ name }) => name.text);
}
