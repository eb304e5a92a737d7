import { SourceMap } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CompiledCell, Neighbour } from '../../places/compiled';
import { Recent } from '../../places/recent';
import { Told } from './told';

/** Where something stands, as a person counts: from 1. */
export interface Place {
  /** `cell [3]`, or a neighbour's name. */
  title: string;
  /** Absent when the script is too long ago for its map to be kept. */
  line?: number;
  column?: number;
  /** The lines of the source. */
  lines: string[];
}

interface Script {
  title: string;
  source: string;
  map: string;
}

/** Characters of sources and maps that are kept; the oldest go first. */
const KEPT_CHARACTERS = 2 ** 24;
/** Scripts whose titles are kept. */
const KEPT_TITLES = 10_000;

/** What was compiled, so that positions in scripts become those of the text that the user wrote. */
export class Scripts {
  readonly told: Told = new Told();
  readonly #scripts: Recent<string, Script>;
  readonly #titles = new Recent<string, string>(KEPT_TITLES);
  readonly #maps = new WeakMap<Script, SourceMap>();

  constructor(capacity: number = KEPT_CHARACTERS) {
    this.#scripts = new Recent(capacity);
  }

  /** @param count What stands in the brackets beside the cell. */
  remember(cell: CompiledCell, count: number): void {
    this.#keep(cell.file, { title: `cell [${count}]`, source: cell.source, map: cell.map });
  }

  rememberNeighbour(neighbour: Neighbour): void {
    const { file, source, map } = neighbour;
    // Of what a compiler has made, its last line says where its map lies: that is nobody's code.
    const text = source.replace(/\r?\n\/\/# sourceMappingURL=\S*\s*$/, '');
    this.#keep(file, { title: path.basename(file), source: text, map });
  }

  /** The place in the user's text of a place in a script; undefined for files that were not compiled here. */
  find(file: string, line: number, column: number): Place | undefined {
    const name = file.startsWith('file:') ? pathOf(file) : file;
    const script = this.#scripts.get(name);
    if (script === undefined) {
      const title = this.#titles.get(name);
      return title === undefined ? undefined : { title, lines: [] };
    }
    const lines = script.source.split(/\r\n|[\r\n\u2028\u2029]/);
    return { title: script.title, lines, ...this.#original(script, line, column) };
  }

  #original(script: Script, line: number, column: number): { line?: number; column?: number } {
    const entry = this.#mapOf(script)?.findEntry(line - 1, column - 1);
    if (entry === undefined || !('originalLine' in entry)) return {};
    return { line: entry.originalLine + 1, column: entry.originalColumn + 1 };
  }

  #mapOf(script: Script): SourceMap | undefined {
    const known = this.#maps.get(script);
    if (known !== undefined) return known;
    try {
      const map = new SourceMap(JSON.parse(script.map));
      this.#maps.set(script, map);
      return map;
    } catch {
      return undefined;
    }
  }

  #keep(file: string, script: Script): void {
    this.told.forget();
    this.#scripts.set(file, script, script.source.length + script.map.length);
    this.#titles.set(file, script.title, 1);
  }
}

function pathOf(url: string): string {
  try {
    return fileURLToPath(url);
  } catch {
    return url;
  }
}
