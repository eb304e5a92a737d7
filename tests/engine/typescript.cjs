// Lets a child process of a test load TypeScript files: `node -r ./typescript.cjs file.ts`.
const { readFileSync } = require('node:fs');
const ts = require('typescript');

require.extensions['.ts'] = (module, file) => {
  const { outputText } = ts.transpileModule(readFileSync(file, 'utf8'), {
    fileName: file,
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      esModuleInterop: true,
    },
  });
  module._compile(outputText, file);
};

// Extensions are tried in this order: `table.ts` goes before `table.json`, as everywhere else.
const json = require.extensions['.json'];
delete require.extensions['.json'];
require.extensions['.json'] = json;
