import { check } from './setup/check.mjs';
import { runMain } from './setup/errors.mjs';

await runMain(async () => (check() === 0 ? 0 : 1));
