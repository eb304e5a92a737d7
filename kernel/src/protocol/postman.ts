import type { Codec } from '../wire/codec';
import { newHeader } from '../wire/message';
import type { Sockets } from '../wire/sockets';
import type { Outgoing, Post } from './post';

/** Signs and sends. A message on iopub begins with its type: what a subscriber may ask for. */
export function postman(sockets: Sockets, codec: Codec, session: string): Post {
  return ({ channel, type, idents, ...rest }: Outgoing): void => {
    const header = newHeader(type, session);
    const to = idents ?? (channel === 'iopub' ? [type] : []);
    sockets.send(channel, codec.encode({ idents: to, header, ...rest }));
  };
}
