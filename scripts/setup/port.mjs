import { createServer } from 'node:net';

/** @param {string[]} args of `jupyter lab` @returns {number | undefined} the port they ask for */
export function portIn(args) {
  const text = args
    .map(
      (arg, i) =>
        /^--(?:ServerApp\.)?port(?:=(.*))?$/.exec(arg)?.[1] ??
        (/^--(?:ServerApp\.)?port$/.test(arg) ? args[i + 1] : undefined),
    )
    .find((found) => found !== undefined);
  return text === undefined ? undefined : Number(text);
}

/** @param {number} port on this machine @returns {Promise<boolean>} */
export function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
