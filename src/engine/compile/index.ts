export { type Compiled, type CompileOptions, compile, type Doubles } from './compile';
export { type Remote, remote, workOfCall } from './remote';
