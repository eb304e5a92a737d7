export {
  type Arrays,
  type Compiled,
  type CompileOptions,
  compile,
  type Doubles,
  type Given,
  modesOf,
} from './compile';
export { type Remote, remote, workOfCall } from './remote';
