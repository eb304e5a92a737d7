export { installTslab } from './tslab';
