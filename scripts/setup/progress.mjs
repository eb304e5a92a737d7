import { spawn } from 'node:child_process';

const terminal = process.stdout.isTTY === true;

/** @param {number} milliseconds */
const seconds = (milliseconds) => `${Math.round(milliseconds / 1000)} s`;

/**
 * One line that tells time and size while a long step runs: rewritten every second on a terminal,
 * a new line every 15 s in a log.
 * @param {string} label @param {string} [grows] a folder whose size is shown
 */
export function startProgress(label, grows) {
  const start = Date.now();
  let size = '';
  const line = (/** @type {string} */ mark) => `${mark} ${label}  ${seconds(Date.now() - start)}${size}`;
  const show = () => {
    if (terminal) process.stdout.write(`\r\x1b[K${line('…')}`);
    else console.log(line('…'));
    if (grows)
      void folderSize(grows).then((now) => {
        size = now;
      });
  };
  show();
  const timer = setInterval(show, terminal ? 1000 : 15_000);
  return {
    /** @param {boolean} ok */
    async end(ok) {
      clearInterval(timer);
      if (grows) size = await folderSize(grows);
      process.stdout.write(`${terminal ? '\r\x1b[K' : ''}${line(ok ? '✓' : '✗')}\n`);
    },
  };
}

/** @param {string} folder @returns {Promise<string>} like ', 431 MB'; empty where it cannot be told */
function folderSize(folder) {
  return new Promise((resolve) => {
    const child = spawn('du', ['-sk', folder], { stdio: ['ignore', 'pipe', 'ignore'] });
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
    });
    child.on('error', () => resolve(''));
    child.on('close', () => {
      const kilobytes = Number.parseInt(text, 10);
      resolve(Number.isFinite(kilobytes) ? `, ${Math.round(kilobytes / 1024)} MB` : '');
    });
  });
}
