export { digits } from './digits';
