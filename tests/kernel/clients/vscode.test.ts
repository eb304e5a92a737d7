import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeHome, python } from './client';

const ASKS = `import json
from jupyter_client.manager import start_new_kernel
manager, client = start_new_kernel(kernel_name='losslab')
reply = client.kernel_info(reply=True, timeout=30)
manager.shutdown_kernel()
print(json.dumps(reply['content']))`;

interface KernelInfo {
  implementation: string;
  language_info: Record<string, unknown>;
}

describe('what VS Code chooses the language of the cells by', () => {
  const home = makeHome();
  let info: KernelInfo;
  beforeAll(async () => {
    const { stdout, stderr } = await python(home, ['-c', ASKS]);
    if (stdout === '') throw new Error(stderr);
    info = JSON.parse(stdout);
  });
  afterAll(home.remove);

  it('is its own name of the language, in kernel.json and in kernel_info alike', () => {
    const file = path.join(home.folder, 'share', 'jupyter', 'kernels', 'losslab', 'kernel.json');
    expect(JSON.parse(readFileSync(file, 'utf8')).language).toBe('typescript');
    expect(info.language_info.name).toBe('typescript');
  });

  it('comes with a MIME type, a file extension and a version', () => {
    expect(info.language_info).toMatchObject({
      mimetype: 'text/typescript',
      file_extension: '.ts',
      version: expect.stringMatching(/^6\.0\./),
    });
    expect(info.implementation).toBe('losslab');
  });
});
