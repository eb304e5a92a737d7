export { kernelFolder, type Place } from './install/folders';
export { type InstallOptions, install, uninstall } from './install/install';
export { type Kernelspec, losslabSpec, type SpecOptions } from './install/spec';
export { installTslab, tslabSpec } from './install/tslab';
