import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ts } from '../compiler/typescript';

const GLOBALS = path.resolve(__dirname, '../../types/globals.d.ts');
const CELL = path.resolve(__dirname, 'cell.ts');

const options = (lib: string[], strict = true): ts.CompilerOptions => ({
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: lib.map((name) => `lib.${name}.d.ts`),
  types: ['node'],
  noEmit: true,
  isolatedDeclarations: false,
  strict,
});

/** A cell beside the kernel's ambient names; without a cell the names alone. */
function programOf(code: string, settings: ts.CompilerOptions): ts.Program {
  const host = ts.createCompilerHost(settings);
  const { fileExists, readFile } = host;
  host.fileExists = (file) => path.resolve(file) === CELL || fileExists(file);
  host.readFile = (file) => (path.resolve(file) === CELL ? code : readFile(file));
  const { getSourceFile } = host;
  host.getSourceFile = (file, target, ...rest) =>
    path.resolve(file) === CELL
      ? ts.createSourceFile(file, code, target)
      : getSourceFile(file, target, ...rest);
  return ts.createProgram([GLOBALS, CELL], settings, host);
}

function problems(code: string, settings: ts.CompilerOptions = options(['es2023'])): string[] {
  const program = programOf(code, settings);
  return [GLOBALS, CELL]
    .map((file) => program.getSourceFile(file))
    .flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)])
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

/** Every name of a cell, used as its documentation says. */
const EVERYTHING = `
  import * as tslab from 'tslab';
  import { display as show, newDisplay, type Display } from 'tslab';
  export {};
  const handle = display({ a: 1 });
  handle.update('anything');
  const id: string = display('x', { id: 'a', update: true }).id;
  display({ 'text/html': '<b>', 'application/json': { a: [1] }, 'image/png': new Uint8Array(3) }, { raw: true }).update({ 'text/plain': 'x' });
  clearOutput(); clearOutput({ wait: true });
  const name: string = prompt('Name?', 'Ann'); const sure: boolean = confirm('Sure?');
  const items = ['a'].map((each) => jupyter.html\`<li>\${each}</li>\`);
  display(jupyter.html\`<ul>\${items}</ul>\`); jupyter.md\`a\`; jupyter.svg('<svg/>'); jupyter.latex\`a\`.text.length;
  jupyter.image(Buffer.from(''), { type: 'image/png', width: 3, height: 4 }); jupyter.image(new ArrayBuffer(3));
  const token: string = jupyter.password('Token: ');
  await fetch('http://localhost', { signal: jupyter.signal });
  const task = jupyter.progress({ label: 'a', total: 3 }); task.update(1); task.end(); jupyter.progress();
  { using other = jupyter.progress({ label: 'b' }); other.update(2); }
  const comm: Jupyter.Comm = jupyter.comm.open('t', { a: 1 }, { id: 'x', buffers: [new Float32Array(3)], metadata: {} });
  comm.send([1], { buffers: [new ArrayBuffer(1)] });
  comm.onMessage(({ data, buffers, metadata }) => { data.anything.at.all; buffers[0].byteLength; metadata.x; });
  comm.onClose(async () => {}); comm.close();
  jupyter.comm.register('t', (comm, open) => { comm.onMessage(({ data }) => comm.send(data)); open.data.x; });
  jupyter.outputLimit = 2 * jupyter.outputLimit;
  jupyter.display('x'); jupyter.clearOutput();
  const { tslab: version, typescript, node } = tslab.versions; version.length;
  const d: Display = newDisplay(); d.html(''); d.png(new Uint8Array()); show.raw('text/plain', 'x'); tslab.display.markdown('');
`;

describe('types of the names of every cell', () => {
  it.each([
    ['without the DOM', options(['es2023'])],
    ['with the DOM, which has a prompt of its own', options(['es2023', 'dom'])],
    ['not strict, as cells are', options(['esnext'], false)],
  ])('compile %s', (_name, settings) => {
    const found = problems(EVERYTHING, settings);
    expect(found).toEqual([]);
  });

  it('are those of what stands behind them', () => {
    const code = `
      import type { Jupyter as Real } from './jupyter';
      import type { Asking } from './ask';
      import type { Tslab } from '../tslab/tslab';
      declare const real: Real; declare const asking: Asking; declare const slab: Tslab;
      const kernel: Jupyter.Kernel = real;
      const own: [typeof prompt, typeof confirm, typeof display, typeof clearOutput] = [asking.prompt, asking.confirm, real.display, real.clearOutput];
      const module: typeof import('tslab') = slab;
      const keys: Record<keyof Real, unknown> & Record<keyof Jupyter.Kernel, unknown> = real as Real & Jupyter.Kernel;
      const missing: Exclude<keyof Real, keyof Jupyter.Kernel> | Exclude<keyof Jupyter.Kernel, keyof Real> = undefined as never;
      type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
      const same: [Same<keyof Real, keyof Jupyter.Kernel>, Same<keyof Tslab, keyof typeof import('tslab')>] = [true, true];
      export {};
    `;
    expect(problems(code)).toEqual([]);
  });

  it.each([
    [`display('x', { ID: 'a' })`, `'ID' does not exist`],
    [`clearOutput({ wiat: true })`, `'wiat' does not exist`],
    [`display('<b>', { raw: true })`, `'string' is not assignable to parameter of type 'MimeBundle'`],
    [`display({ a: 1 }, { raw: false }).update('<b>')`, undefined],
    [
      `display({ 'text/html': '' }, { raw: true, id: 'a' }).update('<b>')`,
      `is not assignable to parameter of type 'MimeBundle'`,
    ],
    [`jupyter.progress({ totl: 3 })`, `'totl' does not exist`],
    [`jupyter.outputLimit = '50'`, `Type 'string' is not assignable to type 'number'`],
    [`jupyter.html = undefined`, `it is a read-only property`],
    [`jupyter.comm.register('t')`, `Expected 2 arguments`],
    [`const n: number = prompt('x')`, `Type 'string' is not assignable to type 'number'`],
  ])('%s', (code, message) => {
    const found = problems(`${code}; export {};`).join('\n');
    if (message === undefined) expect(found).toBe('');
    else expect(found).toContain(message);
  });

  it('leave their names to a cell that declares its own', () => {
    const code = `
      import { display } from 'tslab';
      const jupyter = 3; function prompt() { return 1; } const sum: number = jupyter + prompt();
      display.html('a');
      export { sum };
    `;
    expect(problems(code)).toEqual([]);
  });

  it('are documented: hovering over each shows a sentence', () => {
    const program = programOf('export {};', options(['es2023']));
    const checker = program.getTypeChecker();
    const undocumented: string[] = [];
    const look = (node: ts.Node): void => {
      const isMember = ts.isMethodSignature(node) || ts.isPropertySignature(node);
      if (isMember && ts.isInterfaceDeclaration(node.parent)) hover(node.name);
      if (ts.isFunctionDeclaration(node) || ts.isVariableDeclaration(node)) hover(node.name);
      // tslab's methods are named after what they show.
      if (!(ts.isModuleDeclaration(node) && node.name.text === 'tslab')) ts.forEachChild(node, look);
    };
    const hover = (name: ts.Node | undefined): void => {
      const symbol = name && checker.getSymbolAtLocation(name);
      if (!symbol || symbol.getDocumentationComment(checker).length === 0)
        undocumented.push(name?.parent.getText() ?? '');
    };
    look(program.getSourceFile(GLOBALS)!);
    expect(undocumented).toEqual([]);
  });
});
