import { describe, expect, it } from 'vitest';
import { CellCompiler } from '../compiler/compile';
import { Positions } from './positions';

const CODE = `// a comment
const a: number = 1;
function f(x: number) {
  return x + a;
}

f(
  a,
)`;

function compiled(): { positions: Positions; lines: string[] } {
  const reply = new CellCompiler({ cwd: '/' }).compile({ id: 1, code: CODE, check: false });
  if (!reply.ok) throw new Error(reply.text);
  return { positions: new Positions(reply.cell.map), lines: reply.cell.script.split('\n') };
}

describe('the positions of a cell', () => {
  const { positions, lines } = compiled();
  const textAt = (line: number): string | undefined => {
    const place = positions.generated(line);
    return place && lines[place.line - 1]?.slice(place.column - 1).trim();
  };

  it('lead from a line to the begin of what was made of it', () => {
    expect(textAt(2)).toMatch(/^\$a\.v = 1;/);
    // What every function asks first belongs to its first statement.
    expect(textAt(4)).toMatch(/^typeof \$enter/);
    expect(textAt(7)).toMatch(/^return .*f/);
  });

  it('lead from a line without code nowhere', () => {
    expect(positions.generated(6)).toBeUndefined();
    expect(positions.generated(99)).toBeUndefined();
  });

  it('lead back to the line, wherever V8 stops on what was made of it', () => {
    for (const line of [2, 4, 7]) {
      const place = positions.generated(line)!;
      const text = lines[place.line - 1] ?? '';
      const columns = [...text.matchAll(/\S+/g)].map(({ index }) => index + 1);
      for (const column of columns)
        expect(positions.original({ line: place.line, column })).toMatchObject({ line });
    }
  });

  it('lead nowhere from lines that the compiler has added', () => {
    expect(positions.original({ line: 1, column: 1 })).toBeUndefined();
    expect(positions.original({ line: lines.length, column: 1 })).toBeUndefined();
  });
});
