import type { Message } from '../wire/message';
import { type Comms, commMessage } from './comms';
import type { Executions } from './executions';
import type { Iopub } from './iopub';
import type { Parents } from './parents';
import type { Post } from './post';
import { asCellError, errorContent, type Request, reply } from './requests';
import type { SessionPort } from './sessionPort';
import type { Answer } from './shell';

export interface Places {
  post: Post;
  iopub: Iopub;
  parents: Parents;
  comms: Comms;
  executions: Executions;
  session: SessionPort;
  answers: Record<string, Answer>;
}

/** Every request of the shell and control channels finds its handler here. Unknown types are left unanswered. */
export class Dispatcher {
  readonly #places: Places;

  constructor(places: Places) {
    this.#places = places;
  }

  take(channel: 'shell' | 'control', message: Message): void {
    const type = message.header.msg_type;
    const content = message.content as Record<string, unknown>;
    const request = { channel, message, content };
    if (type === 'execute_request') this.#places.executions.add(request);
    else if (/^comm_(open|msg|close)$/.test(type)) void this.#comm(request);
    else if (Object.hasOwn(this.#places.answers, type)) void this.#answer(request);
  }

  async #answer(request: Request): Promise<void> {
    const { iopub, post, answers } = this.#places;
    const { header } = request.message;
    iopub.busy(header);
    reply(post, request, await contentOf(() => answers[header.msg_type]?.(request) ?? {}));
    iopub.idle(header);
  }

  /** A comm message has no reply: its errors are shown where its output goes. */
  async #comm(request: Request): Promise<void> {
    const { iopub, parents, comms, session } = this.#places;
    const { header, idents } = request.message;
    iopub.busy(header);
    try {
      const message = commMessage(request);
      comms.note(message);
      await session.comm(parents.add({ header, idents, allowStdin: false }), message);
    } catch (error) {
      iopub.publish('error', asCellError(error), header);
    }
    iopub.idle(header);
  }
}

async function contentOf(answer: () => object | Promise<object>): Promise<object> {
  try {
    return await answer();
  } catch (error) {
    return errorContent(asCellError(error));
  }
}
