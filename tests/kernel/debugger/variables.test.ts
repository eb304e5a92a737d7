import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { nodesAtHand } from '../onNode';
import { type KernelClient, startKernel } from '../wire/client';
import { DebugClient, resultOf, type Variable } from './dap';

describe.each(nodesAtHand())('what the debugger shows on %s', (node) => {
  let kernel: KernelClient;
  let debug: DebugClient;

  beforeAll(async () => {
    kernel = await startKernel({ node });
    debug = new DebugClient(kernel);
    await kernel.execute('function half(n: number) {\n  const h = n / 2;\n  return h;\n}');
    await debug.attach();
  });

  afterAll(async () => {
    await kernel.shutDown();
  });

  beforeEach(async () => {
    await kernel.execute('let base = 40;');
  });

  it('evaluates TypeScript in the reach of a frame, and assigns', async () => {
    const code = 'half(base)';
    await debug.setBreakpoints('function half(n: number) {\n  const h = n / 2;\n  return h;\n}', 3);
    const run = kernel.execute(code);
    await debug.stop();
    const frameId = (await debug.frames())[0]?.id;
    const evaluate = async (expression: string): Promise<unknown> => {
      const { success, message, body } = await debug.ask('evaluate', { expression, frameId });
      return success ? body.result : message;
    };
    expect(await evaluate('(h as number) + base')).toBe('60');
    expect(await evaluate('{ n, h }')).toBe('{ n: 40, h: 20 }');
    expect(await evaluate('base = 50')).toBe('50');
    expect(await evaluate('nothing')).toBe('ReferenceError: nothing is not defined');
    await debug.get('continue');
    expect(resultOf(await run)).toEqual({ 'text/plain': '20' });
    expect(resultOf(await kernel.execute('base'))).toEqual({ 'text/plain': '50' });
    expect(resultOf(await kernel.execute("'base' in globalThis"))).toEqual({ 'text/plain': 'false' });
  });

  it('ends an expression that loops, and the cell still stands', async () => {
    await debug.setBreakpoints('function half(n: number) {\n  const h = n / 2;\n  return h;\n}', 3);
    const run = kernel.execute('half(base)');
    await debug.stop();
    const frameId = (await debug.frames())[0]?.id;
    expect(await debug.ask('evaluate', { expression: 'for (;;);', frameId })).toMatchObject({
      success: false,
    });
    expect(await debug.get('evaluate', { expression: 'h', frameId })).toMatchObject({ result: '20' });
    await debug.get('continue');
    expect(resultOf(await run)).toEqual({ 'text/plain': '20' });
  });

  it('unfolds values without running code of theirs', async () => {
    await kernel.execute(`let touched = 0;
const values = {
  get computed() { touched += 1; return 1; },
  long: new Float32Array(1234).fill(0.5), map: new Map([['a', 1]]), set: new Set([2]), text: 'line\\nline',
  proxy: new Proxy({}, { get() { touched += 1; }, ownKeys() { touched += 1; return []; } }),
};`);
    const { variables } = await debug.get<{ variables: Variable[] }>('inspectVariables');
    const unfold = async (list: Variable[], name: string): Promise<Variable[]> =>
      debug.variables(list.find((one) => one.name === name)?.variablesReference ?? 0);
    const shown = (list: Variable[]): Record<string, string> =>
      Object.fromEntries(list.map(({ name, value }) => [name, value]));
    const values = await unfold(variables, 'values');
    expect(shown(values)).toMatchObject({
      computed: '(a getter)',
      proxy: 'Proxy',
      text: String.raw`"line\nline"`,
    });
    expect(shown(values).long).toMatch(/^Float32Array\(1234\) \[ 0\.5/);
    const parts = await unfold(values, 'long');
    expect(parts.map(({ name }) => name).slice(-2)).toEqual(['[1100 … 1199]', '[1200 … 1233]']);
    expect(shown(await unfold(parts, '[1200 … 1233]'))).toMatchObject({ 1200: '0.5', 1233: '0.5' });
    expect(shown(await unfold(values, 'map'))).toEqual({ '"a"': '1' });
    expect(shown(await unfold(values, 'set'))).toEqual({ 0: '2' });
    expect(resultOf(await kernel.execute('touched'))).toEqual({ 'text/plain': '0' });
  });

  it('shows a variable as its cell would', async () => {
    await kernel.execute(
      "const shown = { [Symbol.for('Jupyter.display')]: () => ({ 'text/html': '<b>1</b>' }) };",
    );
    const rich = await debug.get<{ data: object }>('richInspectVariables', { variableName: 'shown' });
    expect(rich.data).toMatchObject({ 'text/html': '<b>1</b>' });
  });
});
