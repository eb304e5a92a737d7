import { constants } from 'node:os';
import { endWithNpm } from './parent.mjs';

/** Something the user can mend: what is wrong, and what to type. */
export class SetupError extends Error {
  /** @param {string} problem @param {string} remedy @param {string[]} [lastLines] */
  constructor(problem, remedy, lastLines = []) {
    super(problem);
    this.name = 'SetupError';
    this.remedy = remedy;
    this.lastLines = lastLines;
  }
}

/** The user ended a step; the exit status is the one a shell gives. */
export class Interrupted extends SetupError {
  /** @param {NodeJS.Signals} signal */
  constructor(signal) {
    super(`Interrupted (${signal}).`, 'Run the same command again to go on: nothing needs to be cleaned up.');
    this.exitStatus = 128 + constants.signals[signal];
  }
}

/** Prints an error as a user should see it. @param {unknown} error */
export function explain(error) {
  if (!(error instanceof SetupError)) {
    console.error(error);
    return;
  }
  if (error.lastLines.length > 0) console.error(error.lastLines.map((line) => `  │ ${line}`).join('\n'));
  console.error(`\n✗ ${error.message}\n  ${error.remedy}\n`);
}

/** Runs a command's main function: 0 when it ends well, 1 and an explanation when not. @param {() => Promise<number | void>} main */
export async function runMain(main) {
  endWithNpm();
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    explain(error);
    process.exitCode = error instanceof Interrupted ? error.exitStatus : 1;
  }
}
