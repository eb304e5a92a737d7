import { build } from './setup/build.mjs';
import { runMain } from './setup/errors.mjs';
import { setup } from './setup/index.mjs';
import { withLock } from './setup/lock.mjs';

const onlyBuild = process.argv.includes('--only-build');
await runMain(onlyBuild ? () => withLock(build) : setup);
