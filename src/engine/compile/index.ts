export { type Compiled, type CompileOptions, compile, type Doubles } from './compile';
