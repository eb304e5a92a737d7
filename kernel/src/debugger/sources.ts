import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { CompiledCell, Neighbour } from '../places/compiled';
import { Recent } from '../places/recent';
import type { Position, Positions } from './positions';

/** What front ends call a cell: they make the same name of its text. */
export const NAMES: Readonly<{
  hashMethod: string;
  hashSeed: number;
  tmpFilePrefix: string;
  tmpFileSuffix: string;
}> = {
  hashMethod: 'Murmur2',
  hashSeed: 0x10551ab,
  /**
   * Unlike that of every other kernel, by which front ends learn that breakpoints must be set anew. Where it has
   * `ipykernel_`, JupyterLab calls a cell by its number in place of this path.
   */
  tmpFilePrefix: path.join(tmpdir(), `losslab_ipykernel_${process.pid}`, path.sep),
  tmpFileSuffix: '.ts',
};

/** A cell's name is that of its text: it has it before it is run, and each time that it is run again. */
export function pathOfCell(code: string): string {
  // What only a debugger needs is loaded when there is one.
  const { v2 } = require('murmurhash') as { v2: (text: string, seed: number) => number };
  const { hashSeed, tmpFilePrefix, tmpFileSuffix } = NAMES;
  return `${tmpFilePrefix}${v2(code, hashSeed)}${tmpFileSuffix}`;
}

/** Something that V8 runs. */
export class Script {
  /** V8's name for it. */
  readonly url: string;
  /** What a person calls it. */
  readonly title: string;
  readonly source: string;
  readonly #file: string | undefined;
  readonly #map: string;
  #path: string | undefined;
  #positions: Positions | undefined;

  /** @param file Where the source lies, if it is no cell. */
  constructor(of: { file: string; source: string; map: string }, title: string, file?: string) {
    this.url = pathToFileURL(of.file).href;
    this.title = title;
    this.source = of.source;
    this.#map = of.map;
    this.#file = file;
  }

  /** What front ends call its source. */
  get path(): string {
    this.#path ??= this.#file ?? pathOfCell(this.source);
    return this.#path;
  }

  get isCell(): boolean {
    return this.#file === undefined;
  }

  original(position: Position): Position | undefined {
    return this.#read().original(position);
  }

  generated(line: number): Position | undefined {
    return this.#read().generated(line);
  }

  #read(): Positions {
    const reader = require('./positions') as typeof import('./positions');
    this.#positions ??= new reader.Positions(this.#map);
    return this.#positions;
  }
}

/** Characters of sources and maps that are kept; the oldest go first. */
const KEPT_CHARACTERS = 2 ** 24;

/** What was compiled for the session, so that places in scripts and places in the user's text can be told apart. */
export class Sources {
  readonly #scripts = new Recent<string, Script>(KEPT_CHARACTERS);
  /** Texts of cells that a front end has shown, by their path. */
  readonly #dumped = new Recent<string, string>(KEPT_CHARACTERS);

  /** @param count What stands in the brackets beside the cell. */
  remember(cell: CompiledCell, count: number): Script[] {
    const scripts = [
      ...cell.neighbours.map((each: Neighbour) => new Script(each, path.basename(each.file), each.file)),
      new Script(cell, `cell [${count}]`),
    ];
    for (const script of scripts) this.#scripts.set(script.url, script, script.source.length * 2);
    return scripts;
  }

  script(url: string): Script | undefined {
    return this.#scripts.get(url);
  }

  /** All that was compiled from one source; the latest last. */
  scriptsOf(sourcePath: string): Script[] {
    return [...this.#scripts.values()].filter((script) => script.path === sourcePath);
  }

  /** Takes the text of a cell that may never have been run. @returns its path */
  dump(code: string): string {
    const name = pathOfCell(code);
    this.#dumped.set(name, code, code.length);
    return name;
  }

  /** The text of a cell, or of a file that was compiled here. */
  ownText(sourcePath: string): string | undefined {
    return this.scriptsOf(sourcePath).at(-1)?.source ?? this.#dumped.get(sourcePath);
  }

  /** The same for any file. */
  text(sourcePath: string): string | undefined {
    const own = this.ownText(sourcePath);
    if (own !== undefined) return own;
    try {
      return readFileSync(sourcePath, 'utf8');
    } catch {
      return undefined;
    }
  }
}

/** A file's path; of what is none, its name. */
export function pathOfUrl(url: string): string {
  try {
    return url.startsWith('file:') ? fileURLToPath(url) : url;
  } catch {
    return url;
  }
}
