import type { Message } from '../../../kernel/src/wire/message';
import type { KernelClient } from '../wire/client';

/** A message of iopub and when it came, as the clock of `Date` has it. */
export interface Arrived {
  message: Message;
  at: number;
}

export interface Ran {
  id: string;
  reply: Message;
  /** What iopub had for the cell until it was idle. */
  arrived: Arrived[];
}

/** Runs one cell, and notes when what it published came. */
export async function run(kernel: KernelClient, code: string, seconds = 50): Promise<Ran> {
  let next = kernel.published.length;
  let id = '';
  const arrived: Arrived[] = [];
  const reply = kernel.request('shell', 'execute_request', { code, silent: false }, seconds);
  const isIdle = (): boolean => {
    for (; next < kernel.published.length; next++) {
      const message = kernel.published[next]!;
      if (id === '' && isStatus(message, 'busy') && message.parentHeader.msg_type === 'execute_request')
        id = String(message.parentHeader.msg_id);
      if (message.parentHeader.msg_id === id) arrived.push({ message, at: Date.now() });
    }
    return arrived.some(({ message }) => isStatus(message, 'idle'));
  };
  const [answer] = await Promise.all([reply, kernel.until(isIdle, seconds)]);
  if (answer.parentHeader.msg_id !== id) throw new Error('another cell than this one was idle');
  return { id, reply: answer, arrived };
}

function isStatus({ header, content }: Message, state: string): boolean {
  return header.msg_type === 'status' && content.execution_state === state;
}

/** What was printed to a stream. */
export function text(messages: readonly Message[], name = 'stdout'): string {
  return messages
    .filter(({ header, content }) => header.msg_type === 'stream' && content.name === name)
    .map(({ content }) => String(content.text))
    .join('');
}

export const messagesOf = ({ arrived }: Ran): Message[] => arrived.map(({ message }) => message);

/** Types of messages in the order they came, without statuses. */
export function types(ran: Ran): string[] {
  return messagesOf(ran)
    .map(({ header }) => header.msg_type)
    .filter((type) => type !== 'status' && type !== 'execute_input');
}
