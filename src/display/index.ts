export { type MimeBundle, toMimeBundle } from './bundle';
export type { Displayable, ShownFigure } from './displayable';
export { contour, grid, line, sharpness, surface } from './figures';
export { show } from './show';
