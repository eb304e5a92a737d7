import { describe, expect, it } from 'vitest';
import { Boxes } from './boxes';
import { Shadowed } from './shadowed';

/** What is said when a cell has given these names these values. */
function said(values: Record<string, unknown>, shadowed: Shadowed = new Shadowed()): string {
  const boxes = new Boxes();
  for (const [name, value] of Object.entries(values)) boxes.get(name).v = value;
  return shadowed.notes(Object.keys(values), boxes);
}

describe("a variable that takes one of the kernel's names", () => {
  it('is told of, with where the name leads otherwise', () => {
    expect(said({ console: 3, other: 1 })).toBe(
      "Note: console is a variable of this notebook now; the kernel's own is globalThis.console.\n",
    );
    expect(said({ display: {}, jupyter: null }).split('\n')).toHaveLength(3);
  });

  it('is told of once', () => {
    const shadowed = new Shadowed();
    expect(said({ console: 3 }, shadowed)).not.toBe('');
    expect(said({ console: 4 }, shadowed)).toBe('');
  });

  it('is no news where it does the same, or has another name', () => {
    expect(said({ console, display: () => 1, jupyter: { display() {} }, prompt: 'Who?' })).toBe('');
    expect(said({ display: { html() {} } })).toBe('');
    const angry = new Proxy({}, { has: () => expect.unreachable() as never });
    expect(said({ console: angry })).toBe('');
  });
});
