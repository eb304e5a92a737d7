import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { isFree, portIn } from '../../scripts/setup/port.mjs';
import { cleanEnvironment } from '../../scripts/setup/run.mjs';
import { hashOf, isDone, markDone, markUndone } from '../../scripts/setup/stamp.mjs';
import { countTests, summary } from '../../scripts/setup/summary.mjs';
import { unpackProgram, wheelFor } from '../../scripts/setup/wheel.mjs';
import { temporaryFolder } from './checkout';

describe('a stamp', () => {
  it('is done for the inputs it was made from, and for no others', () => {
    const stamp = path.join(temporaryFolder(), 'made', 'stamp');
    expect(isDone(stamp, 'a')).toBe(false);
    markDone(stamp, 'a');
    expect([isDone(stamp, 'a'), isDone(stamp, 'b')]).toEqual([true, false]);
    expect(readdirSync(path.dirname(stamp))).toEqual(['stamp']);
    markUndone(stamp);
    expect(existsSync(stamp)).toBe(false);
  });

  it('has a hash that follows names and contents, of files that count', () => {
    const folder = temporaryFolder();
    mkdirSync(path.join(folder, 'deep'));
    const write = (name: string, text: string) => writeFileSync(path.join(folder, name), text);
    write('deep/a.ts', '1');
    const first = hashOf([folder]);
    write('a.test.ts', '2');
    expect(hashOf([folder], (file) => !file.endsWith('.test.ts'))).toBe(first);
    expect(hashOf([folder])).not.toBe(first);
    rmSync(path.join(folder, 'a.test.ts'));
    expect(hashOf([folder])).toBe(first);
    write('deep/a.ts', '3');
    expect(hashOf([folder])).not.toBe(first);
  });
});

describe('the wheel of TensorFlow', () => {
  it.each([
    ['darwin', 'arm64', 'tensorflow', 'libtensorflow_cc.2.dylib'],
    ['win32', 'x64', undefined, undefined],
    ['darwin', 'x64', undefined, undefined],
  ] as const)('for %s on %s is %s', (platform, arch, name, library) => {
    expect(wheelFor(platform, arch)?.package).toBe(name);
    expect(wheelFor(platform, arch)?.libraries[0]).toBe(library);
  });

  it.runIf(process.platform === 'linux')('for Linux on x64 is tensorflow-cpu, without CUDA', () => {
    expect(wheelFor('linux', 'x64')?.package).toBe('tensorflow-cpu');
  });

  it('gives its libraries and headers, and nothing else', () => {
    const program = unpackProgram({ package: 'p', platform: 'q', libraries: ['liba.so'] });
    expect(program).toContain('\'tensorflow/\' + name for name in ["liba.so"]');
    expect(program).toContain("'tensorflow/include/'");
  });
});

describe('the port of `npm start`', () => {
  it.each([
    [['--no-browser', '--port', '9999'], 9999],
    [['--port=8000'], 8000],
    [['--ServerApp.port=8001'], 8001],
    [['--no-browser'], undefined],
  ])('in %j is %s', (args, port) => {
    expect(portIn(args)).toBe(port);
  });

  it.each(['abc', '70000', '-1', ''])('that is "%s" is refused', (text) => {
    expect(() => portIn([`--port=${text}`])).toThrow(`--port must be a number from 0 to 65535, got ${text}`);
  });

  it('is free when nothing listens there', async () => {
    expect(await isFree(0)).toBe(true);
  });
});

describe('the environment of what setup runs', () => {
  it('has what says where packages come from, and nothing of the npm that runs us or of another Python', () => {
    const given = {
      npm_config_registry: 'r',
      npm_config_omit: 'dev',
      npm_lifecycle_event: 'start',
      PYTHONHOME: 'p',
    };
    Object.assign(process.env, given);
    const env = cleanEnvironment();
    for (const name of Object.keys(given)) delete process.env[name];
    expect(env.npm_config_registry).toBe('r');
    for (const name of ['npm_config_omit', 'npm_lifecycle_event', 'PYTHONHOME'])
      expect(env).not.toHaveProperty(name);
  });
});

describe('the last line of `npm test`', () => {
  const report = (numPassedTests: number, testResults: { status: string; tests: string[] }[]) => {
    const file = path.join(temporaryFolder(), 'report.json');
    const results = testResults.map(({ status, tests }) => ({
      status,
      assertionResults: tests.map((one) => ({ status: one })),
    }));
    const numFailedTests = results
      .flatMap((one) => one.assertionResults)
      .filter((one) => one.status === 'failed').length;
    const counts = { numPassedTests, numFailedTests, numPendingTests: 0, numTodoTests: 0 };
    writeFileSync(file, JSON.stringify({ ...counts, testResults: results }));
    return file;
  };

  it('counts passed and failed tests', () => {
    const file = report(2, [{ status: 'failed', tests: ['passed', 'failed', 'passed'] }]);
    expect(countTests(file, 1)).toEqual({ passed: 2, failed: 1, skipped: 0 });
  });

  it('counts a file that did not load, and a hook that threw, as failed', () => {
    const file = report(1, [
      { status: 'failed', tests: [] },
      { status: 'failed', tests: ['passed'] },
    ]);
    expect(countTests(file, 1).failed).toBe(2);
  });

  it('counts a run without any test, without a report, or ended by an unhandled error as failed', () => {
    expect(countTests(report(0, []), 0).failed).toBe(1);
    expect(countTests('/nowhere/report.json', 0).failed).toBe(1);
    expect(countTests(report(3, [{ status: 'passed', tests: ['passed'] }]), 1).failed).toBe(1);
    expect(countTests(report(3, [{ status: 'passed', tests: ['passed'] }]), 0).failed).toBe(0);
  });

  it('reads `N passed, N failed`, and names what was skipped', () => {
    expect(summary({ passed: 3, failed: 0, skipped: 0 })).toBe('3 passed, 0 failed');
    expect(summary({ passed: 3, failed: 1, skipped: 2 })).toBe('3 passed, 1 failed, 2 skipped');
  });
});
