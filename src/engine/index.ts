export { ready, tf } from './backend';
