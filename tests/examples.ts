import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { inRoot } from '../scripts/setup/paths.mjs';

/** A piece of code that a reader may copy: from a docstring or from the README. */
export interface Example {
  /** `src/optim/sam.ts:12`, where its first line stands. */
  place: string;
  code: string;
}

/** The ```ts fences of one text; in source files those of docstrings, without the stars. */
export function examplesIn(file: string, text: string): Example[] {
  const margin = file.endsWith('.ts') ? '[ \\t]*\\* ?' : '';
  const fence = new RegExp(`^${margin}\`\`\`ts\\n([\\s\\S]*?)^${margin}\`\`\`$`, 'gm');
  return [...text.matchAll(fence)].map((match) => ({
    place: `${file}:${text.slice(0, match.index).split('\n').length + 1}`,
    code: (match[1] ?? '').replace(new RegExp(`^${margin}`, 'gm'), ''),
  }));
}

/** Every example of the library's docstrings, the README and docs/. */
export function allExamples(): Example[] {
  const sources = readdirSync(inRoot('src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => path.join('src', name));
  // What has no import from losslab is no public example, but a note within the house.
  return ['README.md', path.join('docs', 'engine.md'), ...sources]
    .flatMap((file) => examplesIn(file, readFileSync(inRoot(file), 'utf8')))
    .filter(({ code }) => code.includes("from 'losslab'"));
}

const OPTIONS: ts.CompilerOptions = {
  module: ts.ModuleKind.Node20,
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2023.d.ts'],
  types: ['node'],
  strict: true,
  skipLibCheck: true,
};

/** Inside node_modules, so that `losslab` is found as a user's own code finds it. */
const folder = inRoot('node_modules', '.cache', 'losslab-examples');

/** Writes each example as a module, compiled for Node, and returns its files in the same order. */
export function writeExamples(examples: Example[]): { source: string; compiled: string }[] {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return examples.map(({ code }, i) => {
    const source = path.join(folder, `${i}.mts`);
    const compiled = path.join(folder, `${i}.mjs`);
    writeFileSync(source, code);
    const compilerOptions = { ...OPTIONS, module: ts.ModuleKind.ESNext };
    writeFileSync(compiled, ts.transpileModule(code, { compilerOptions }).outputText);
    return { source, compiled };
  });
}

/** What the compiler has to say against each file, in the order of the files; all share one program. */
export function typeErrors(files: string[]): string[][] {
  const program = ts.createProgram(files, OPTIONS);
  return files.map((file) => {
    const source = program.getSourceFile(file);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'),
    );
  });
}

/** Names of the library's public functions whose docstring holds no `@example`. */
export function functionsWithoutExample(): string[] {
  const index = inRoot('dist', 'index.d.ts');
  const program = ts.createProgram([index], OPTIONS);
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(index) as ts.SourceFile);
  return checker
    .getExportsOfModule(module as ts.Symbol)
    .map((exported) => ({ name: exported.name, symbol: original(checker, exported) }))
    .filter(({ symbol }) => checker.getTypeOfSymbol(symbol).getCallSignatures().length > 0)
    .filter(({ symbol }) => !symbol.getJsDocTags(checker).some((tag) => tag.name === 'example'))
    .map(({ name }) => name);
}

const original = (checker: ts.TypeChecker, symbol: ts.Symbol) =>
  symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
