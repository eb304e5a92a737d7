import type { MessagePort } from 'node:worker_threads';
import type { Captured } from '../output/descriptors';
import type { Connection } from '../wire/connection';

/** How this kernel was asked to behave: by the environment, which a kernelspec's `env` sets. */
export interface Settings {
  /** Whether cells are type-checked: LOSSLAB_KERNEL_CHECK=off leaves it. */
  check: boolean;
  /** Megabytes of output a cell may have: LOSSLAB_KERNEL_OUTPUT_LIMIT. */
  outputLimit: number;
}

/** What the session hands to the protocol's thread at its start. */
export interface Handover {
  connection: Connection;
  settings: Settings;
  ring: SharedArrayBuffer;
  answerFlag: SharedArrayBuffer;
  answerPort: MessagePort;
  /** `newRequests()`: interrupts. */
  requests: SharedArrayBuffer;
  /** `newFlow()`: how many displays and comm messages are under way. */
  flow: SharedArrayBuffer;
  cwd: string;
  descriptors: Captured | undefined;
}

const OUTPUT_LIMIT = 50;

export function settingsOf(env: NodeJS.ProcessEnv): Settings {
  const asked = Number(env.LOSSLAB_KERNEL_OUTPUT_LIMIT);
  return {
    check: env.LOSSLAB_KERNEL_CHECK !== 'off',
    outputLimit: asked > 0 ? asked : OUTPUT_LIMIT,
  };
}
