import { afterAll, describe, expect, it } from 'vitest';
import { makeHome, python } from './client';

const RUNS = `import json
from jupyter_client.manager import KernelManager
manager = KernelManager(kernel_name='losslab', transport_encryption='required')
manager.start_kernel()
client = manager.client()
client.start_channels()
client.wait_for_ready(timeout=60)
texts = []
note = lambda message: texts.append(message['content'].get('text', ''))
client.execute_interactive("console.log(6 * 7)", output_hook=note, timeout=60)
keys = sorted(name for name in manager.get_connection_info() if name.startswith('curve'))
client.stop_channels()
manager.shutdown_kernel()
print(json.dumps({'keys': keys, 'text': ''.join(texts)}))`;

describe('a client that demands encrypted sockets', () => {
  const home = makeHome();
  afterAll(home.remove);

  it('finds in kernel.json that the kernel has them, and is answered', async () => {
    const { stdout, stderr } = await python(home, ['-c', RUNS]);
    if (stdout === '') throw new Error(stderr);
    expect(JSON.parse(stdout)).toEqual({ keys: ['curve_publickey', 'curve_secretkey'], text: '42\n' });
  });
});
