import type { AnswerWriter } from '../places/answers';
import type { Message } from '../wire/message';
import type { Parent, Parents } from './parents';
import type { Post } from './post';

const NOBODY =
  'this front end takes no input (it runs the notebook without a person). Give the value in the cell itself.';

/** Questions to the person at the front end; the session's thread is blocked until one is answered. */
export class Stdin {
  readonly #post: Post;
  readonly #parents: Parents;
  readonly #answers: AnswerWriter;
  #isAsking = false;

  constructor(post: Post, parents: Parents, answers: AnswerWriter) {
    this.#post = post;
    this.#parents = parents;
    this.#answers = answers;
  }

  ask(context: number, prompt: string, password: boolean): void {
    const parent = this.#parents.get(context);
    if (parent?.allowStdin !== true) this.#answers.answer({ refused: NOBODY });
    else this.#ask(parent, prompt, password);
  }

  #ask(parent: Parent, prompt: string, password: boolean): void {
    this.#isAsking = true;
    this.#post({
      channel: 'stdin',
      type: 'input_request',
      content: { prompt, password },
      parent: parent.header,
      idents: parent.idents,
    });
  }

  /** An answer to no question is dropped. */
  reply({ content }: Message): void {
    if (!this.#isAsking) return;
    this.#isAsking = false;
    this.#answers.answer({ text: typeof content.value === 'string' ? content.value : '' });
  }

  /** @returns whether a question was open */
  interrupt(): boolean {
    const wasAsking = this.#isAsking;
    this.#isAsking = false;
    if (wasAsking) this.#answers.answer({ interrupted: true });
    return wasAsking;
  }
}
