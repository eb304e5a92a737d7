export { type MimeBundle, toMimeBundle } from './bundle';
export type { Displayable, ShownFigure } from './displayable';
export { engineInfo, type ShownEngineInfo } from './engineInfo';
export { contour, grid, line, sharpness, surface } from './figures';
export { show } from './show';
