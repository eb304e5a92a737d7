import type { FromSession, Published } from '../places/messages';
import { type Comms, commContent } from './comms';
import type { Iopub } from './iopub';
import type { Output } from './output';
import type { Parents } from './parents';
import type { SessionPort } from './sessionPort';
import type { Stdin } from './stdin';

export interface Hearing {
  iopub: Iopub;
  output: Output;
  parents: Parents;
  comms: Comms;
  stdin: Stdin;
  session: SessionPort;
  interrupted: () => void;
  sigint: () => void;
}

/** What the session says, published in the order in which it was said and printed. */
export class Heard {
  readonly #hearing: Hearing;

  constructor(hearing: Hearing) {
    this.#hearing = hearing;
  }

  take(message: FromSession): void {
    const { output, session, stdin, interrupted, sigint } = this.#hearing;
    if (message.type === 'printed') return output.wake();
    if (message.type === 'interrupted') return interrupted();
    if (message.type === 'sigint') return sigint();
    output.flush(message.at);
    if (message.type === 'publish') this.#publish(message.context, message.message);
    else if (message.type === 'late') this.#late(message);
    else if (message.type === 'limit') output.setLimit(message.megabytes);
    else if (message.type === 'input') stdin.ask(message.context, message.prompt, message.password);
    else session.settle(message);
  }

  #late({ context, error }: Extract<FromSession, { type: 'late' }>): void {
    this.#hearing.iopub.publish('error', error, this.#hearing.parents.get(context)?.header);
  }

  #publish(context: number, message: Published): void {
    const { iopub, parents, comms } = this.#hearing;
    const parent = parents.get(context)?.header;
    if (message.kind === 'display') return this.#display(context, message);
    if (message.kind === 'clear') return iopub.publish('clear_output', { wait: message.wait }, parent);
    comms.note(message.message);
    const { type, content } = commContent(message.message);
    const { metadata, buffers } = message.message;
    iopub.publish(type, content, parent, { metadata, buffers });
  }

  #display(context: number, { display, update, id }: Extract<Published, { kind: 'display' }>): void {
    const { iopub, parents, output } = this.#hearing;
    if (!output.admits(context, sizeOf(display.data))) return;
    const transient = id === undefined ? {} : { display_id: id };
    const type = update ? 'update_display_data' : 'display_data';
    iopub.publish(type, { ...display, transient }, parents.get(context)?.header);
  }
}

/** Near enough for a cap: the length of the texts. */
function sizeOf(data: Record<string, unknown>): number {
  return Object.values(data)
    .map((value) => (typeof value === 'string' ? value.length : (JSON.stringify(value)?.length ?? 0)))
    .reduce((sum, length) => sum + length, 0);
}
