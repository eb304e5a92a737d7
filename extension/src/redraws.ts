/** Figures on the page that must be drawn again when the theme has changed. */
const redraws = new Set<() => void>();

/** Registers a figure; the returned function takes it out again. */
export function onRedraw(redraw: () => void): () => void {
  redraws.add(redraw);
  return () => redraws.delete(redraw);
}

/** Draws every figure of the page again. */
export function redrawAll(): void {
  for (const redraw of redraws) redraw();
}
