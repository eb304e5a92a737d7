/** The compiler's process as it starts without a snapshot. With the argument `keep` it makes the next start quicker, and ends. */
import { keepTypeScript, loadTypeScript } from './codeCache';

const server = (): typeof import('./server') => require('./server') as typeof import('./server');

if (process.argv[2] === 'keep') keepTypeScript(() => server().warm());
else {
  loadTypeScript();
  server().serve();
}
