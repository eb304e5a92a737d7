/** Which packages a notebook can import: TypeScript offers only those that a package.json beside it names. */
import { readdirSync } from 'node:fs';
import path from 'node:path';

/** The beginning of a package's name in an import, not yet of one of its files. */
const BEGUN = /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)(['"`])(?<begun>[\w@-][^'"`]*)?$/u;

/** What is typed of a package's name before the cursor; undefined where none stands. */
export function packageBegun(before: string): string | undefined {
  const found = BEGUN.exec(before);
  return found === null ? undefined : (found.groups?.begun ?? '');
}

/** Packages in `node_modules` of the folder and those above it. */
export function installedPackages(folder: string): string[] {
  const names = new Set<string>();
  for (let at = folder, last = ''; at !== last; last = at, at = path.dirname(at))
    for (const name of namesIn(path.join(at, 'node_modules'))) names.add(name);
  return [...names].sort();
}

/** Types alone are not to be imported, and what begins with a dot is a tool's. */
function namesIn(folder: string): string[] {
  return entries(folder)
    .filter((name) => !name.startsWith('.') && name !== '@types')
    .flatMap((name) =>
      name.startsWith('@') ? entries(path.join(folder, name)).map((one) => `${name}/${one}`) : [name],
    );
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
