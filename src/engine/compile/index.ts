export {
  type Compiled,
  type CompileOptions,
  compile,
} from './compile';
export { modesOf } from './inside';
export type { Arrays, Doubles, Given } from './nests';
export { type Remote, remote, workOfCall } from './remote';
