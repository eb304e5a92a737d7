import type { Published } from '../places/messages';
import type { StreamName } from '../places/ring';

/** What the rooms of the session may do to the outside: each for the context that is current (`contexts.ts`). */
export interface Channel {
  /** Appends to the cell's output; waits when the protocol can not keep up. */
  print(stream: StreamName, text: string): void;
  publish(message: Published): void;
  /**
   * Asks the person at the front end and blocks until the answer is there.
   * @throws the context's interruption; Error when the front end has no stdin (nbclient, papermill)
   */
  input(prompt: string, password: boolean): string;
  /** Megabytes of output that one cell may have. */
  setOutputLimit(megabytes: number): void;
}
