import { parseArgs } from 'node:util';
import { runMain, SetupError } from '../scripts/setup/errors.mjs';
import { setup } from '../scripts/setup/index.mjs';
import { report } from './report.mjs';

/** Each suite measures one room side by side with its peers; `only` picks rows by a part of their name. @type {Record<string, (only?: string) => Promise<import('./report.mjs').Result>>} */
const suites = {
  engine: async (only) => (await import('./engine.mjs')).measure(only),
  kernel: async (only) => (await import('./kernel.mjs')).measure(only),
  slices: async () => (await import('./slices.mjs')).measure(),
};

/** `npm run bench` runs every suite, `npm run bench -- engine` one, `npm run bench -- engine --only HVP` some of its rows. */
async function bench() {
  const { positionals: wanted, values } = parseArgs({
    allowPositionals: true,
    options: { only: { type: 'string' } },
  });
  const unknown = wanted.filter((name) => !(name in suites));
  if (unknown.length > 0)
    throw new SetupError(
      `No benchmark is called ${unknown.join(', ')}.`,
      `There are: ${Object.keys(suites).join(', ')}.`,
    );
  await setup();
  for (const [name, measure] of Object.entries(suites)) {
    if (wanted.length === 0 || wanted.includes(name))
      report(name, await measure(values.only), values.only === undefined);
  }
}

await runMain(bench);
