import { createRequire } from 'node:module';
import { beforeEach, describe, expect, it } from 'vitest';
import { RecordingChannel } from '../../../tests/fixtures/recordingChannel';
import { type Tslab, type TslabDisplay, tslabModule } from './tslab';

let channel: RecordingChannel;
let tslab: Tslab;

beforeEach(() => {
  channel = new RecordingChannel();
  tslab = tslabModule(channel);
});

/** The real package, as its users know it. */
const load = createRequire(__filename);
const stock = load('tslab') as Tslab;
const BYTES = Uint8Array.of(1, 2, 3);

/** What stock tslab sends for the same call, taken where it would go to the front end. */
function stockData(call: (display: TslabDisplay) => void): Record<string, unknown> {
  const jupyter = load('tslab/dist/jupyter') as { lastWriteDisplayData: unknown };
  let sent: Record<string, unknown> = {};
  jupyter.lastWriteDisplayData = ({ data }: { data: Record<string, unknown> }) => {
    sent = data;
  };
  call(stock.display);
  return sent;
}

describe('the tslab module', () => {
  it('has the names of the real one', () => {
    const names = Object.keys(stock).filter((name) => name !== '__esModule');
    expect(Object.keys(tslab).sort()).toEqual(names.sort());
    const own = Object.getOwnPropertyNames(Object.getPrototypeOf(stock.display));
    expect(own.filter((name) => name !== 'constructor').sort()).toEqual(Object.keys(tslab.display).sort());
  });

  it('says which versions it has: tslab of this API, the TypeScript that compiles the cells, Node', () => {
    const { version } = load('typescript/package.json') as { version: string };
    expect(tslab.versions).toEqual({
      tslab: stock.versions.tslab,
      typescript: version,
      node: process.version,
    });
  });

  it.each<[string, (display: TslabDisplay) => void]>([
    ['javascript', (display) => display.javascript('1')],
    ['html', (display) => display.html('<b>1</b>')],
    ['markdown', (display) => display.markdown('**1**')],
    ['latex', (display) => display.latex('$1$')],
    ['svg', (display) => display.svg('<svg/>')],
    ['png', (display) => display.png(BYTES)],
    ['jpeg', (display) => display.jpeg(BYTES)],
    ['gif', (display) => display.gif(BYTES)],
    ['pdf', (display) => display.pdf(BYTES)],
    ['text', (display) => display.text('1')],
    ['raw', (display) => display.raw('application/x-mine', '1')],
    ['raw bytes', (display) => display.raw('application/x-mine', BYTES)],
  ])('display.%s shows what the real one shows, and plain text', (_name, call) => {
    call(tslab.display);
    expect(channel.published).toHaveLength(1);
    expect(channel.shown).toMatchObject(stockData(call));
    expect(channel.shown['text/plain']).toMatch(/./);
  });

  it('a new display overwrites itself', () => {
    const display = tslab.newDisplay();
    display.html('<b>1</b>');
    display.text('2');
    tslab.newDisplay().text('3');
    const [first, second, third] = channel.displays;
    expect([first, second, third].map((message) => message?.update)).toEqual([false, true, false]);
    expect(second?.id).toBe(first?.id);
    expect(third?.id).not.toBe(first?.id);
    expect(second?.display.data).toEqual({ 'text/plain': '2' });
  });

  it('its methods work when taken off it', () => {
    const { html } = tslab.display;
    html('<i>1</i>');
    expect(channel.shown['text/html']).toBe('<i>1</i>');
  });

  it('what can not be shown is a clear error', () => {
    expect(() => tslab.display.html(3 as never)).toThrow(
      'tslab.display: the value of text/html must be a string, got a number',
    );
    expect(() => tslab.display.raw('html', '1')).toThrow('"html" is no MIME type');
  });
});
