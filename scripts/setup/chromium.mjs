import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { SetupError } from './errors.mjs';
import { nodeModules, venv } from './paths.mjs';
import { ask, cleanEnvironment, run } from './run.mjs';

const ON_PATH = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC = ['Google Chrome', 'Chromium'].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`);

/** Where we let Playwright put a browser: inside the checkout. */
const ours = path.join(venv, 'browsers');

const INSTALL =
  'Install Chromium (Debian: sudo apt-get install chromium; macOS: brew install --cask chromium) or name one: LOSSLAB_CHROMIUM=/path/to/chromium';

/**
 * A Chromium for the browser tests: one that is present, else Debian's, else Playwright's.
 * @returns {Promise<string>} the path of a program that runs
 */
export async function findOrInstallChromium() {
  const wanted = process.env.LOSSLAB_CHROMIUM;
  if (wanted) {
    if (runs(wanted)) return wanted;
    throw new SetupError(`LOSSLAB_CHROMIUM=${wanted} does not run.`, INSTALL);
  }
  for (const install of [async () => {}, installFromDebian, installFromPlaywright]) {
    await install().catch(warn);
    const found = present();
    if (found) return found;
  }
  throw new SetupError('The browser tests need Chromium.', INSTALL);
}

/** @returns {string | undefined} */
function present() {
  const known = [...ON_PATH.map(onPath), ...MAC, downloaded(undefined), downloaded(ours)];
  return known.find((program) => program !== undefined && runs(program));
}

/** Ubuntu's `chromium-browser` is there but only says to install a snap: it must really answer. @param {string} program */
function runs(program) {
  if (process.platform === 'win32') return existsSync(program);
  return /Chrom/.test(ask(program, ['--version']) ?? '');
}

/** @param {string} name @returns {string | undefined} */
function onPath(name) {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
  return folders.map((folder) => path.join(folder, name)).find((file) => existsSync(file));
}

/** What Playwright downloaded, to its usual place or to ours. @param {string | undefined} folder @returns {string | undefined} */
function downloaded(folder) {
  const program = `process.stdout.write(require('playwright-core').chromium.executablePath())`;
  const env = { ...cleanEnvironment(), ...(folder && { PLAYWRIGHT_BROWSERS_PATH: folder }) };
  const answer = spawnSync(process.execPath, ['-e', program], { cwd: nodeModules, encoding: 'utf8', env });
  return answer.status === 0 && existsSync(answer.stdout) ? answer.stdout : undefined;
}

/** DejaVu has the Greek letters and marks of our figures, Liberation the shapes of Arial. */
async function installFromDebian() {
  if (process.getuid?.() !== 0 || ask('apt-get', ['--version']) === undefined) return;
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update'], { label: 'Debian package lists', remedy: INSTALL, env });
  const packages = ['chromium', 'fonts-dejavu-core', 'fonts-liberation'];
  await run('apt-get', ['install', '-y', '--no-install-recommends', ...packages], {
    label: 'Chromium from Debian (about 90 MB)',
    remedy: INSTALL,
    env,
  });
}

async function installFromPlaywright() {
  const cli = path.join(nodeModules, 'playwright-core', 'cli.js');
  await run(process.execPath, [cli, 'install', 'chromium'], {
    label: 'Chromium from Playwright (about 170 MB)',
    grows: ours,
    remedy: INSTALL,
    env: { PLAYWRIGHT_BROWSERS_PATH: ours },
  });
}

/** One way of installing failed: the next is tried. @param {unknown} error */
function warn(error) {
  console.warn(error instanceof Error ? error.message : error);
}
