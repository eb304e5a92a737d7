import type http from 'node:http';
import net from 'node:net';
import { ownContext } from './contexts';

/**
 * Gives the servers that are started in a cell to its context: an interrupt closes them, and the cell can be run again on
 * the same port. To be called once, before any code of the user.
 */
export function ownServers(): void {
  const { prototype } = net.Server;
  const plain = prototype.listen as (...given: unknown[]) => net.Server;
  const listen = function (this: net.Server, ...given: unknown[]): net.Server {
    own(this);
    return plain.apply(this, given);
  };
  Object.defineProperty(listen, 'name', { value: plain.name });
  Object.assign(prototype, { listen });
}

function own(server: net.Server): void {
  const context = ownContext();
  if (context === undefined) return;
  const waiter = context.waiters.add(() => close(server));
  server.once('close', () => context.waiters.remove(waiter));
}

/** Connections that are kept alive would keep a server of HTTP open. */
function close(server: net.Server & Partial<Pick<http.Server, 'closeAllConnections'>>): void {
  server.close();
  server.closeAllConnections?.();
}
