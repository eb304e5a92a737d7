import { execFileSync } from 'node:child_process';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Dealer, XSubscriber } from 'zeromq';
import { type KernelClient, startKernel } from './client';
import { Fuzzer } from './fuzz';

const CHANNELS = ['shell', 'control', 'stdin', 'hb', 'iopub'] as const;

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Somebody who sends what no front end would. */
class Attacker {
  readonly fuzzer: Fuzzer;
  /** What the kernel has to say that it dropped. */
  readonly expected = { malformed: 0, forged: 0, replayed: 0, garbled: 0, read: 0 };
  /** All that came back, as text. */
  readonly answers: string[] = [];
  readonly #kernel: KernelClient;
  readonly #dealers: Record<'shell' | 'control' | 'stdin' | 'hb', Dealer>;
  readonly #iopub: XSubscriber;

  constructor(kernel: KernelClient, seed: number) {
    this.#kernel = kernel;
    this.fuzzer = new Fuzzer(kernel.connection, seed);
    const dealer = (channel: 'shell' | 'control' | 'stdin' | 'hb'): Dealer => {
      const socket = kernel.connect(new Dealer(), channel);
      void this.#read(socket, channel !== 'hb');
      return socket;
    };
    this.#dealers = {
      shell: dealer('shell'),
      control: dealer('control'),
      stdin: dealer('stdin'),
      hb: dealer('hb'),
    };
    this.#iopub = kernel.connect(new XSubscriber(), 'iopub');
  }

  async send(count: number): Promise<void> {
    for (let n = 0; n < count; n++) {
      const channel = CHANNELS[n % CHANNELS.length] ?? 'hb';
      const { frames, becomes } = this.fuzzer.message();
      if (channel === 'iopub') await this.#iopub.send(n % 2 ? Buffer.of(1, ...this.fuzzer.bytes(4)) : frames);
      else await this.#dealers[channel].send(frames);
      if (channel !== 'iopub' && channel !== 'hb') this.expected[becomes] += 1;
    }
  }

  /** What is not ZeroMQ at all: noise, and a greeting with noise behind it or a frame of 2⁶³ bytes. */
  async sendRaw(count: number): Promise<void> {
    const greeting = Buffer.alloc(64);
    greeting.set([0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 0, ...Buffer.from('NULL')]);
    const endless = Buffer.of(2, 0x7f, 255, 255, 255, 255, 255, 255, 255);
    for (let n = 0; n < count; n++) {
      const port = this.#kernel.connection.ports[CHANNELS[n % CHANNELS.length] ?? 'hb'];
      const noise = this.fuzzer.bytes(300);
      const kinds = [noise, Buffer.concat([greeting, noise]), Buffer.concat([greeting, endless, noise])];
      const sent = kinds[n % kinds.length] ?? noise;
      const socket = connect(port, '127.0.0.1').on('error', () => {});
      await new Promise<void>((resolve) => socket.end(sent, () => resolve()));
      socket.resume();
    }
  }

  close(): void {
    for (const socket of [...Object.values(this.#dealers), this.#iopub]) socket.close();
  }

  async #read(socket: Dealer, isKept: boolean): Promise<void> {
    // The first two frames are the delimiter and the answer's own signature.
    for await (const frames of socket) if (isKept) this.answers.push(frames.slice(2).join('\n'));
  }
}

/** Megabytes that the kernel's process has in memory. */
function megabytes(kernel: KernelClient): number {
  return (
    Number(execFileSync('ps', ['-o', 'rss=', '-p', String(kernel.child.pid)], { encoding: 'utf8' })) / 1024
  );
}

describe('100,000 messages that no front end would send', () => {
  let kernel: KernelClient;
  let attacker: Attacker;
  const memory: number[] = [];
  let counted: unknown;

  /** The counts once nothing more is under way: other channels overtake the one that is asked. */
  async function dropped(): Promise<unknown> {
    const sum = (counts: object): number => Object.values(counts).reduce((total, count) => total + count, 0);
    const { read, ...expected } = attacker.expected;
    for (let tries = 0; ; tries++) {
      const { content } = await kernel.request('shell', 'connect_request', {});
      if (tries === 100 || sum(content.dropped as object) >= sum(expected)) return content.dropped;
      await pause(50);
    }
  }

  beforeAll(async () => {
    kernel = await startKernel();
    attacker = new Attacker(kernel, 20_26);
    await kernel.execute('const before: number = 41;');
    for (const count of [20_000, 40_000, 40_000]) {
      await attacker.send(count);
      counted = await dropped();
      memory.push(megabytes(kernel));
    }
    // Last: noise may happen to be a message of an older ZeroMQ, and is counted then.
    await attacker.sendRaw(300);
  });
  afterAll(async () => {
    attacker?.close();
    await kernel?.shutDown();
  });

  it('are dropped and counted by what is wrong with them', async () => {
    const { read, ...expected } = attacker.expected;
    for (const count of Object.values(attacker.expected)) expect(count).toBeGreaterThan(5000);
    expect(counted).toEqual(expected);
  });

  it('leave a kernel that runs the next cell, with its session', async () => {
    const { reply, published } = await kernel.execute('before + 1');
    expect(reply.content.status).toBe('ok');
    const result = published.find(({ header }) => header.msg_type === 'execute_result');
    expect(result?.content.data).toMatchObject({ 'text/plain': '42' });
  });

  it('leave the heart beating and the control channel answering', async () => {
    expect(await kernel.beats()).toBe(true);
    const info = await kernel.request('control', 'kernel_info_request', {});
    expect(info.content.status).toBe('ok');
  });

  it('do not stay in memory', () => {
    const [, second = 0, third = 0] = memory;
    expect(third - second).toBeLessThan(60);
  });

  it('bring out neither the key nor a signature that was missing', () => {
    const published = kernel.published.map((message) => JSON.stringify(message));
    const all = [kernel.printed, ...published, ...attacker.answers];
    expect(all.filter((text) => text.includes(kernel.connection.key))).toEqual([]);
    const digests = all.flatMap((text) => text.match(/[0-9a-f]{64}/g) ?? []);
    expect(attacker.fuzzer.rightSignatures.size).toBeGreaterThan(5000);
    expect(digests.filter((digest) => attacker.fuzzer.rightSignatures.has(digest))).toEqual([]);
  });

  it('do not keep the kernel from ending well', async () => {
    expect(await kernel.shutDown()).toEqual({ status: 0, signal: null });
    expect(kernel.printed).toBe('');
  });
});
