import { build } from './setup/build.mjs';
import { runMain } from './setup/errors.mjs';
import { setup } from './setup/index.mjs';

const onlyBuild = process.argv.includes('--only-build');
await runMain(onlyBuild ? build : setup);
