export { type EngineInfo, engineInfo } from './engineInfo';
export { type EngineStamp, engineStamp } from './facts';
