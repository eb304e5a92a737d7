export { type Compiled, type CompileOptions, compile, type Doubles, modesOf } from './compile';
export { type Remote, remote, workOfCall } from './remote';
