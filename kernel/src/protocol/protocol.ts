import type { MessagePort } from 'node:worker_threads';
import type { CompilerClient } from '../compiler/client';
import { openHistory } from '../history/history';
import { readDescriptors } from '../output/descriptors';
import { AnswerWriter } from '../places/answers';
import { FlowReader } from '../places/flow';
import type { FromSession } from '../places/messages';
import type { Handover } from '../places/places';
import { Requests } from '../places/requests';
import { RingReader } from '../places/ring';
import { Codec } from '../wire/codec';
import { newSession } from '../wire/message';
import { openSockets, type RequestChannel } from '../wire/sockets';
import { Comms } from './comms';
import { Debugging } from './debugging';
import { Dispatcher } from './dispatch';
import { kill, shutDown } from './ending';
import { Executions } from './executions';
import { Heard } from './heard';
import { Interrupts } from './interrupts';
import { Iopub } from './iopub';
import { kernelInfo } from './kernelInfo';
import { watchParent } from './orphan';
import { Output } from './output';
import { Parents } from './parents';
import { postman } from './postman';
import { SessionPort } from './sessionPort';
import { answers } from './shell';
import { Stdin } from './stdin';
import { kernelVersion } from './version';

/** Puts the parts of the protocol together and opens the sockets. */
export async function startProtocol(
  port: MessagePort,
  handover: Handover,
  compiler: CompilerClient,
): Promise<void> {
  const { connection, settings, descriptors } = handover;
  const codec = new Codec(connection);
  const sockets = await openSockets(connection);
  const post = postman(sockets, codec, newSession());
  const iopub = new Iopub(post);
  const parents = new Parents();
  const comms = new Comms();
  const history = openHistory({});
  const session = new SessionPort((message) => port.postMessage(message));
  const flow = new FlowReader(handover.flow);
  const output = new Output(new RingReader(handover.ring), flow, iopub, parents, settings.outputLimit);
  const stdin = new Stdin(post, parents, new AnswerWriter(handover.answerFlag, handover.answerPort));
  const debugging: Debugging = new Debugging({
    ...{ compiler, iopub },
    isInterrupting: () => interrupts.busy,
    heapIsFull: () => interrupts.heapIsFull(),
  });
  const interrupts: Interrupts = new Interrupts({
    requests: handover.requests,
    send: (request, reason) => session.interrupt(request, reason),
    wake: () => stdin.interrupt(),
    abandonCompiling: () => executions.abandonCompiling(),
    debugging,
    ours: () => (compiler.pid === undefined ? [] : [compiler.pid]),
  });
  const executions: Executions = new Executions({
    ...{ post, iopub, output, parents, session, compiler, history, debugging },
    check: settings.check,
    watch: interrupts,
  });
  const answered = answers({
    ...{ compiler, history, comms },
    info: () => kernelInfo({ kernel: kernelVersion(), typescript: compiler.version }, ['debugger']),
    ports: () => ({ ...portsOf(handover), dropped: codec.dropped }),
    interrupt: () => interrupts.interrupt('KeyboardInterrupt'),
    debug: (request) => debugging.answer(request),
    shutDown: (reply, parent) => {
      // Told to all: other front ends of the same kernel learn that it ends.
      iopub.publish('shutdown_reply', reply, parent);
      void shutDown({ session, sockets, interrupts, compiler, debugging });
    },
  });
  const dispatcher = new Dispatcher({ post, iopub, parents, comms, executions, session, answers: answered });
  const heard = new Heard({
    ...{ iopub, output, parents, comms, stdin, session },
    interrupted: () => interrupts.answered(),
    flow,
    drained: () => new Requests(handover.requests).drained(),
    sigint: () => void interrupts.interrupt('KeyboardInterrupt'),
  });

  if (descriptors !== undefined) {
    const reader = readDescriptors(descriptors, (stream, text) =>
      output.addNative(parents.latest, stream, Buffer.from(text)),
    );
    output.drainDescriptors = () => reader.drain();
  }
  const receive = (channel: RequestChannel) => (frames: Buffer[]) => {
    const decoded = codec.decode(frames);
    if (!('message' in decoded)) return;
    if (channel === 'stdin') stdin.reply(decoded.message);
    else dispatcher.take(channel, decoded.message);
  };
  port.on('message', (message: FromSession) => heard.take(message));
  sockets.onSubscription((topic) => iopub.welcome(topic));
  for (const channel of ['control', 'shell', 'stdin'] as const) sockets.onMessage(channel, receive(channel));
  iopub.starting();
  watchParent(kill);
}

/** As the connection file names them. */
function portsOf({ connection }: Handover): object {
  return Object.fromEntries(
    Object.entries(connection.ports).map(([channel, port]) => [`${channel}_port`, port]),
  );
}
