/** The one door to TypeScript, with the few parts of it that its own types do not show. */
import ts from 'typescript';

export { ts };

interface Hidden {
  parseDiagnostics: ts.DiagnosticWithLocation[];
  externalModuleIndicator: ts.Node | true | undefined;
}

/** Parses a text on its own, as a module: `await` is a keyword at its top level. */
export function parseModule(fileName: string, text: string): ts.SourceFile {
  const options: ts.CreateSourceFileOptions = {
    languageVersion: ts.ScriptTarget.ESNext,
    setExternalModuleIndicator: (file) => {
      (file as unknown as Hidden).externalModuleIndicator = true;
    },
  };
  return ts.createSourceFile(fileName, text, options, true);
}

/** The syntax errors of a text that was parsed on its own. */
export function parseErrors(file: ts.SourceFile): readonly ts.DiagnosticWithLocation[] {
  return (file as unknown as Hidden).parseDiagnostics;
}

/** The files that were looked for. */
export function lookedFor(resolved: ts.ResolvedModuleWithFailedLookupLocations): readonly string[] {
  return (resolved as unknown as { failedLookupLocations?: string[] }).failedLookupLocations ?? [];
}

interface Commented {
  jsDoc?: ts.JSDoc[];
}

/** The comments of a node, where they were parsed. */
export function commentsOf(node: ts.Node | undefined): ts.JSDoc[] | undefined {
  const comments = (node as (ts.Node & Commented) | undefined)?.jsDoc;
  return comments?.length ? comments : undefined;
}

/** Hands a node the comments of another of the same text. */
export function setComments(node: ts.Node, comments: ts.JSDoc[]): void {
  for (const comment of comments) (comment as { parent: ts.Node }).parent = node;
  (node as ts.Node & Commented).jsDoc = comments;
}
