/**
 * Sockets and messages without a kernel around them, in a worker as in the kernel: answers each request with its
 * content, and on `flood` sends display messages on iopub, answers, closes and ends the process at once.
 */
const path = require('node:path');
const { isMainThread, Worker, workerData } = require('node:worker_threads');

const dist = path.resolve(__dirname, '../../../kernel/dist/wire');

function main() {
  const { readConnection } = require(`${dist}/connection.js`);
  const closed = new Int32Array(new SharedArrayBuffer(4));
  const connection = readConnection(process.argv[2]);
  new Worker(__filename, { workerData: { connection, closed } });
  // The worker loads its modules while this thread waits, as a busy cell makes it wait.
  Atomics.wait(closed, 0, 0, 60_000);
  process.exit(closed[0] === 1 ? 0 : 1);
}

async function worker({ connection, closed }) {
  const { Codec } = require(`${dist}/codec.js`);
  const { newHeader, newSession } = require(`${dist}/message.js`);
  const { openSockets } = require(`${dist}/sockets.js`);
  const codec = new Codec(connection);
  const session = newSession();
  const sockets = await openSockets(connection);
  const post = (channel, type, message) =>
    sockets.send(channel, codec.encode({ idents: [], header: newHeader(type, session), ...message }));

  async function answer(channel, { idents, header, content, buffers }) {
    for (let n = 0; n < (content.flood ?? 0); n++) {
      post('iopub', 'display_data', {
        idents: ['display'],
        parent: header,
        content: { n, text: content.text },
      });
    }
    const type = header.msg_type.replace('_request', '_reply');
    post(channel, type, { idents, parent: header, content: { ...content, text: '' }, buffers });
    if (content.flood === undefined) return;
    await sockets.close();
    Atomics.store(closed, 0, 1);
    Atomics.notify(closed, 0);
  }

  for (const channel of ['shell', 'control', 'stdin']) {
    sockets.onMessage(channel, (frames) => {
      const decoded = codec.decode(frames);
      if ('message' in decoded) void answer(channel, decoded.message);
      else post('iopub', 'dropped', { content: codec.dropped });
    });
  }
  sockets.onSubscription((topic) =>
    post('iopub', 'iopub_welcome', { idents: [topic], content: { subscription: String(topic) } }),
  );
}

if (isMainThread) main();
else void worker(workerData);
