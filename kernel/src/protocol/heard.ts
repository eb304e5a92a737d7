import type { FlowReader } from '../places/flow';
import type { CellError, CommMessage, FromSession, Published } from '../places/messages';
import type { Header } from '../wire/message';
import { type Comms, commContent } from './comms';
import type { Iopub } from './iopub';
import type { Output } from './output';
import type { Parents } from './parents';
import { asCellError } from './requests';
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
  /** What was written to the descriptors has been read. */
  drained: () => void;
  flow: FlowReader;
}

/** What the session says, published in the order in which it was said and printed. */
export class Heard {
  readonly #hearing: Hearing;

  constructor(hearing: Hearing) {
    this.#hearing = hearing;
  }

  take(message: FromSession): void {
    const { output, interrupted, sigint } = this.#hearing;
    if (message.type === 'printed') output.wake();
    else if (message.type === 'interrupted') interrupted();
    else if (message.type === 'sigint') sigint();
    else this.#inOrder(message);
    if (message.turn !== undefined) this.#hearing.flow.dealtWith(message.turn);
  }

  /** What was printed before is published before. */
  #inOrder(message: FromSession): void {
    const { output, session, stdin, drained } = this.#hearing;
    output.flush(message.at);
    if (message.type === 'publish') this.#publishOrSay(message.context, message.message);
    else if (message.type === 'late') this.#late(message);
    else if (message.type === 'native') drained();
    else if (message.type === 'limit') output.setLimit(message.megabytes);
    else if (message.type === 'input') stdin.ask(message.context, message.prompt, message.password);
    else session.settle(message);
  }

  #late({ context, error }: { context: number; error: CellError }): void {
    this.#hearing.iopub.publish('error', error, this.#hearing.parents.get(context)?.header);
  }

  /** What can not be JSON (a BigInt, a cycle) comes this far in data of comms: the cell is told. */
  #publishOrSay(context: number, message: Published): void {
    try {
      this.#publish(context, message);
    } catch (error) {
      this.#late({ context, error: asCellError(error) });
    }
  }

  #publish(context: number, message: Published): void {
    const { iopub, parents } = this.#hearing;
    const parent = parents.get(context)?.header;
    if (message.kind === 'display') this.#display(context, message);
    else if (message.kind === 'clear') iopub.publish('clear_output', { wait: message.wait }, parent);
    else this.#comm(message.message, parent);
  }

  #comm(message: CommMessage, parent: Header | undefined): void {
    const { iopub, comms } = this.#hearing;
    comms.note(message);
    const { type, content } = commContent(message);
    const { metadata, buffers } = message;
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

/** What each message has beside its content: headers, a signature. */
const ENVELOPE_BYTES = 600;

/** Near enough for a cap: the length of the texts. */
function sizeOf(data: Record<string, unknown>): number {
  const content = Object.values(data)
    .map((value) => (typeof value === 'string' ? value.length : (JSON.stringify(value)?.length ?? 0)))
    .reduce((sum, length) => sum + length, 0);
  return ENVELOPE_BYTES + content;
}
