import { runMain, SetupError } from '../scripts/setup/errors.mjs';
import { setup } from '../scripts/setup/index.mjs';
import { report } from './report.mjs';

/** Each suite measures one room side by side with its peers. @type {Record<string, () => Promise<import('./report.mjs').Result>>} */
const suites = {
  engine: async () => (await import('./engine.mjs')).measure(),
  slices: async () => (await import('./slices.mjs')).measure(),
};

/** `npm run bench` runs every suite, `npm run bench -- slices` one. */
async function bench() {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !(name in suites));
  if (unknown.length > 0)
    throw new SetupError(
      `No benchmark is called ${unknown.join(', ')}.`,
      `There are: ${Object.keys(suites).join(', ')}.`,
    );
  await setup();
  for (const [name, measure] of Object.entries(suites)) {
    if (wanted.length === 0 || wanted.includes(name)) report(name, await measure());
  }
}

await runMain(bench);
