import { createServer } from 'node:net';
import { SetupError } from './errors.mjs';

/** @param {string[]} args of `jupyter lab` @returns {number | undefined} the port they ask for */
export function portIn(args) {
  const text = args
    .map(
      (arg, i) =>
        /^--(?:ServerApp\.)?port(?:=(.*))?$/.exec(arg)?.[1] ??
        (/^--(?:ServerApp\.)?port$/.test(arg) ? args[i + 1] : undefined),
    )
    .find((found) => found !== undefined);
  return text === undefined ? undefined : portOf(text);
}

/** @param {string} text @returns {number} */
function portOf(text) {
  if (/^\d{1,5}$/.test(text) && Number(text) < 65536) return Number(text);
  throw new SetupError(
    `--port must be a number from 0 to 65535, got ${text}.`,
    'For example: npm start -- --port 9999',
  );
}

/** @param {number} port on this machine @returns {Promise<boolean>} */
export function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
