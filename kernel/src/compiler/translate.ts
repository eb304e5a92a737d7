/**
 * A file beside the notebook as one call of `System.register`: a module whose imports are given to it, so that it can
 * be loaded anew when the file has changed.
 */
import { ts } from './typescript';

export interface Translated {
  script: string;
  map: string;
}

export function translate(file: string, source: string, options: ts.CompilerOptions): Translated {
  if (file.endsWith('.json')) return json(file, source);
  if (/\.c[jt]s$/.test(file)) return commonjs(file, source, options);
  if (file.endsWith('.js') && !isModule(file, source)) return commonjs(file, source, options);
  return transpile(file, source, { ...options, module: ts.ModuleKind.System });
}

function isModule(file: string, source: string): boolean {
  return ts.isExternalModule(ts.createSourceFile(file, source, ts.ScriptTarget.ESNext));
}

function transpile(fileName: string, source: string, options: ts.CompilerOptions): Translated {
  const { lib, types, typeRoots, moduleResolution, ...compilerOptions } = options;
  const { outputText, sourceMapText } = ts.transpileModule(source, {
    fileName,
    // The format is on its way out of TypeScript: nobody else makes modules that can be loaded again.
    compilerOptions: { ...compilerOptions, ignoreDeprecations: '6.0' },
  });
  const script = outputText.replace(/\/\/# sourceMappingURL=\S*\s*$/, '');
  return { script, map: mapOf(fileName, sourceMapText ?? '{"mappings":""}') };
}

function mapOf(file: string, text: string, linesBefore = 0): string {
  const { mappings } = JSON.parse(text) as { mappings: string };
  const shifted = ';'.repeat(linesBefore) + mappings;
  return JSON.stringify({ version: 3, file, sources: [file], names: [], mappings: shifted });
}

/** Its properties are named exports too, as TypeScript types them. */
function json(file: string, source: string): Translated {
  const script = `System.register([], (_export) => ({ setters: [], execute() {
const value = JSON.parse(${JSON.stringify(source)});
if (typeof value === 'object' && value !== null && !Array.isArray(value)) _export({ ...value });
_export('default', value);
} }));`;
  return { script, map: mapOf(file, '{"mappings":""}') };
}

/** CommonJS in the clothes of a module, with the `require` of whoever loads it. */
function commonjs(file: string, source: string, options: ts.CompilerOptions): Translated {
  const body = file.endsWith('.cts')
    ? transpile(file, source, { ...options, module: ts.ModuleKind.CommonJS })
    : { script: source, map: identity(file, source) };
  const script = `System.register([], (_export) => ({ setters: [], execute() { const module = { exports: {} }; (function (exports, require, module, __filename, __dirname) {
${body.script}
}).call(module.exports, module.exports, require, module, __filename, __dirname); const value = module.exports; if (value !== null && /^(object|function)$/.test(typeof value)) _export({ ...value }); _export('default', value?.__esModule && 'default' in value ? value.default : value); } }));`;
  return { script, map: mapOf(file, body.map, 1) };
}

/** Line by line: `AACA` is "the next line of the source". */
function identity(file: string, source: string): string {
  const mappings = source.split('\n').map((_, line) => (line === 0 ? 'AAAA' : 'AACA'));
  return JSON.stringify({ version: 3, sources: [file], names: [], mappings: mappings.join(';') });
}
