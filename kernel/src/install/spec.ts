import path from 'node:path';

/** What `kernel.json` holds. */
export interface Kernelspec {
  argv: string[];
  display_name: string;
  language: string;
  interrupt_mode?: 'message' | 'signal';
  metadata?: Record<string, unknown>;
  env: Record<string, string>;
}

export interface SpecOptions {
  displayName?: string | undefined;
  /** Options of Node for the kernel's process, such as `--max-old-space-size=8192`. */
  nodeOptions?: readonly string[] | undefined;
  /** Environment variables of the kernel's process. */
  env?: Readonly<Record<string, string>> | undefined;
  /** The Node that runs the kernel; by default the one that runs this. */
  node?: string | undefined;
}

export const KERNEL_NAME = 'losslab';
export const DISPLAY_NAME = 'TypeScript (losslab)';

/** With it Node's own resolver tells where a package lies that a cell imports: `exports` maps and all. */
const NODE_OPTIONS = ['--experimental-import-meta-resolve'];

const MAIN = path.resolve(__dirname, '..', '..', 'dist', 'main.js');

/** TensorFlow logs each graph that it loads: of that warnings and errors are enough (losslab asks for the same). */
const ENV = { TF_CPP_MIN_LOG_LEVEL: '2' };

/** What `kernel.json` says of our kernel: paths are absolute, so that no PATH is needed. */
export function losslabSpec(options: SpecOptions = {}): Kernelspec {
  const { displayName = DISPLAY_NAME, nodeOptions = [], env = {}, node = process.execPath } = options;
  return {
    argv: [node, ...NODE_OPTIONS, ...nodeOptions, MAIN, '{connection_file}'],
    display_name: displayName,
    language: 'typescript',
    interrupt_mode: 'message',
    metadata: { debugger: true, supported_encryption: 'curve' },
    env: { ...ENV, ...env },
  };
}
