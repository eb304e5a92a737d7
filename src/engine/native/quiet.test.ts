import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inRoot, native } from '../../../scripts/setup/paths.mjs';

const ADDON = `${native}/quiet.node`;

/** What a program writes to stderr; TensorFlow is loaded once in a process. */
function stderrOf(program: string, env: Record<string, string> = {}): string {
  const { TF_CPP_MIN_LOG_LEVEL: _, ...clean } = process.env;
  const args = ['-e', program];
  const done = spawnSync(process.execPath, args, {
    cwd: inRoot(),
    env: { ...clean, ...env },
    encoding: 'utf8',
  });
  expect(done.status).toBe(0);
  return done.stderr;
}

const START = "require('losslab').tf.scalar(1).dataSync();";

describe.runIf(existsSync(ADDON))('the start of TensorFlow', () => {
  it('says nothing, and stderr is itself again afterwards', () => {
    expect(stderrOf(`${START} require('fs').writeSync(2, 'mine');`)).toBe('mine');
  });

  it('is heard when asked for', () => {
    // What it says depends on the processor.
    expect(stderrOf(START, { TF_CPP_MIN_LOG_LEVEL: '0' })).toMatch(
      /oneDNN custom operations are on|cpu_feature_guard/,
    );
  });

  it('hides nothing that others write meanwhile', () => {
    const writes =
      "require('module')._extensions['.node'] = ((load) => (module, file) => { " +
      "if (file.endsWith('tfjs_binding.node')) require('fs').writeSync(2, 'somebody else\\n'); load(module, file); " +
      "})(require('module')._extensions['.node']);";
    expect(stderrOf(`${writes} ${START}`)).toBe('somebody else\n');
  });

  it('with stderr closed still starts', () => {
    expect(stderrOf(`require('fs').closeSync(2); ${START}`)).toBe('');
  });
});

describe.runIf(existsSync(ADDON))('holding stderr back', () => {
  const load = `const quiet = require(${JSON.stringify(ADDON)}), fs = require('fs');`;

  it('gives what was written, to the last byte, and lets the rest through', () => {
    const program = `${load} quiet.hold(); quiet.hold(); fs.writeSync(2, 'λ'.repeat(50000)); const held = quiet.release();
      fs.writeSync(2, String(held === 'λ'.repeat(50000)) + quiet.release());`;
    expect(stderrOf(program)).toBe('true');
  });
});
