import type { Header } from '../wire/message';

/** A message to be sent; what is left out is empty. */
export interface Outgoing {
  channel: 'shell' | 'control' | 'stdin' | 'iopub';
  type: string;
  content: object;
  parent?: Header | undefined;
  idents?: Buffer[] | undefined;
  metadata?: Record<string, unknown> | undefined;
  buffers?: Uint8Array[] | undefined;
}

export type Post = (message: Outgoing) => void;
