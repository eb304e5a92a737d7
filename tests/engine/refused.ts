/** Cases that have no second derivative here: each throws, naming its op. */
export const REFUSED: Record<string, string> = {
  'cast to int32 and back': 'Cast',
  'floorDiv times first': 'FloorDiv',
  'floorDiv times first, second broadcast': 'FloorDiv',
  'floorDiv times first, first broadcast': 'FloorDiv',
  'floorDiv times first, second a scalar': 'FloorDiv',
  cumprod: 'Cumprod',
  stridedSlice: 'StridedSlice',
  dilation2d: 'Dilation2DBackpropFilter',
  'abs of complex numbers': 'Complex',
  centerCrop: 'CropAndResize',
};
