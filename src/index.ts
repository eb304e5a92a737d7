export { tf } from './engine';
