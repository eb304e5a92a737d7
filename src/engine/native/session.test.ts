import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { chain, graphOf, opOf, placeholder } from '../../../tests/fixtures/graphs';
import { ready, tf } from '../backend';
import { configBytes, type SessionMode } from '../graph/config';
import { withFolder } from '../graph/folder';
import { DType } from '../graph/graph';
import { serialize } from '../graph/savedModel';
import { type GraphSession, loadGraph } from '../graph/session';

// session.h, on the addon that setup compiled it into. Linux tells of each thread what it does.

interface Binding {
  createTensor(shape: number[], dtype: number, values: Float32Array): number;
  deleteTensor(id: number): void;
  loadSavedModel(folder: string, tags: string): number;
  deleteSavedModel(id: number): void;
}
let binding: Binding;
let input: number;

beforeAll(async () => {
  await ready();
  binding = (tf.findBackend('tensorflow') as unknown as { binding: Binding }).binding;
  input = binding.createTensor([2], DType.float, Float32Array.of(1, 2));
  // TensorFlow's own threads start with the first graph.
  for (const threads of ['one', 'all'] as const) withSession({ threads }, threads === 'one', () => {});
});

function withSession(mode: SessionMode, callerThread: boolean, use: (session: GraphSession) => void): void {
  const session = loadGraph(serialize(chain(3), { callerThread }), mode);
  run(session);
  use(session);
  session.dispose();
}

function run(session: GraphSession): void {
  for (const { id } of session.run([input])) binding.deleteTensor(id);
}

const threads = () => readdirSync('/proc/self/task');

/** How often threads of TensorFlow went to sleep after work; each time they had been woken for it. */
function sleeps(): number {
  const texts = threads().map((id) => readFileSync(`/proc/self/task/${id}/status`, 'utf8'));
  return texts
    .filter((text) => /^Name:\s+tf_/.test(text))
    .reduce((sum, text) => sum + Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(text)![1]), 0);
}

/** What `count` runs add to that; in the pauses between them threads that wait for work fall asleep. */
async function sleepsOf(session: GraphSession, count: number): Promise<number> {
  const before = sleeps();
  for (let i = 0; i < count; i++) {
    run(session);
    await sleep(2);
  }
  return sleeps() - before;
}

describe.runIf(process.platform === 'linux')('native/session.h', () => {
  it('runs a graph whose results are named caller… in the calling thread: no other is woken', async () => {
    const session = loadGraph(serialize(chain(3), { callerThread: true }), { threads: 'one' });
    expect(await sleepsOf(session, 100)).toBe(0);
    session.dispose();
  });

  it('leaves other graphs to the pool, whose threads are woken at each run', async () => {
    const session = loadGraph(serialize(chain(3)), { threads: 'all' });
    expect(await sleepsOf(session, 100)).toBeGreaterThanOrEqual(100);
    session.dispose();
  });

  it('gives a graph of one thread a pool of one, which ends with it', () => {
    const before = threads().length;
    const sessions = Array.from({ length: 10 }, () =>
      loadGraph(serialize(chain(3), { callerThread: true }), { threads: 'one' }),
    );
    sessions.forEach(run);
    expect(threads().length).toBe(before + 10);
    for (const session of sessions) session.dispose();
    expect(threads().length).toBe(before);
  });

  it('leaves the pool of all threads to other graphs, configured or not', () => {
    const before = threads().length;
    for (const mode of [{ threads: 'all' }, { threads: 'all', grappler: false }] as const)
      withSession(mode, false, () => expect(threads().length).toBe(before));
  });

  it('loads a graph with the configuration beside it: what is no configuration is refused', () => {
    const load = (config: Uint8Array) =>
      withFolder('pool', { 'saved_model.pb': serialize(chain(3)).bytes, 'config.pb': config }, (folder) =>
        binding.loadSavedModel(folder, 'serve'),
      );
    expect(() => load(Uint8Array.of(0x52, 0x7f))).toThrow('Unparseable ConfigProto');
    binding.deleteSavedModel(load(configBytes({ threads: 'all', grappler: false })));
  });

  it('frees the inputs of a run that fails', () => {
    const [x, y] = [placeholder([-1]), placeholder([-1])];
    const sum = opOf('AddV2', [x, y]);
    const session = loadGraph(serialize(graphOf([x, y], [x, y, sum], sum)), { threads: 'all' });
    const fail = () => {
      const ids = [1_000_000, 7].map((size) =>
        binding.createTensor([size], DType.float, new Float32Array(size)),
      );
      expect(() => session.run(ids)).toThrow('AddV2: Incompatible shapes');
      for (const id of ids) binding.deleteTensor(id);
    };
    for (let i = 0; i < 50; i++) fail();
    const before = process.memoryUsage().rss;
    for (let i = 0; i < 200; i++) fail();
    // Kept, they would be 800 MB.
    expect(process.memoryUsage().rss - before).toBeLessThan(200e6);
    session.dispose();
  });
});
