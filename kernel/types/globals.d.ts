/**
 * The names that every cell of the TypeScript (losslab) kernel has besides JavaScript's and Node's. This file is ambient:
 * it has no imports and no exports.
 */
/// <reference lib="esnext.disposable" />

/**
 * Shows a value below the cell, as the last expression of a cell is shown: by its own
 * `[Symbol.for('Jupyter.display')]()` when it has one, else as a table, a tensor's description, or text.
 *
 * @param value What is shown.
 * @param bundle With `raw: true` what is shown is a MIME bundle such as `{ 'text/html': '<b>bold</b>' }`. Bytes
 *   (`Uint8Array`) are allowed for binary types.
 * @param options `id`: displays with the same id change together. `update`: changes those instead of adding one.
 *   `raw`: the value is a MIME bundle.
 * @returns A handle: `update(value)` shows something else in its place.
 *
 * @example
 * const shown = display('working …');
 * shown.update(jupyter.md`**done**`);
 */
declare function display(value: unknown, options?: Jupyter.DisplayOptions): Jupyter.DisplayHandle;
declare function display(
  bundle: Jupyter.MimeBundle,
  options: Jupyter.RawOptions,
): Jupyter.DisplayHandle<Jupyter.MimeBundle>;

/**
 * Removes what the cell has shown and printed so far.
 *
 * @param options `wait`: only when the next output comes, so that nothing flickers.
 */
declare function clearOutput(options?: { wait?: boolean }): void;

/**
 * Asks the person at the notebook for a line of text, and blocks until it is there.
 *
 * @param text What is asked.
 * @param fallback What an empty answer means, and what is taken where nobody can be asked (nbclient, papermill).
 * @throws Error where nobody can be asked and there is no fallback.
 */
declare function prompt(text?: string, fallback?: string): string;

/**
 * Asks the person at the notebook a question, and blocks until it is answered: `y` and `yes` are true, all else false.
 *
 * @throws Error where nobody can be asked (nbclient, papermill).
 */
declare function confirm(text?: string): boolean;

/** The kernel: things that show themselves, progress, comms, the signal of the interrupt. */
declare const jupyter: Jupyter.Kernel;

/** Types of the kernel's names. */
declare namespace Jupyter {
  /** JSON as a type. */
  type Json = null | boolean | number | string | Json[] | { [key: string]: Json | undefined };

  /** MIME type → what is shown of it: text, JSON for JSON types, bytes or base64 for binary ones. */
  interface MimeBundle {
    [mimeType: string]: unknown;
  }

  interface DisplayOptions {
    /** Displays with the same id change together. */
    id?: string;
    /** Changes the displays with this id instead of adding one. */
    update?: boolean;
    /** The value is no MIME bundle, or is to be shown as an object all the same. */
    raw?: false;
  }

  interface RawOptions extends Omit<DisplayOptions, 'raw'> {
    /** The value is a MIME bundle. */
    raw: true;
  }

  /** One display, wherever it is shown. */
  interface DisplayHandle<T = unknown> {
    /** For `display(value, { id, update: true })`. */
    readonly id: string;
    /** Shows something else in its place. */
    update(value: T): void;
  }

  /** Text of one type that shows itself: the last expression of a cell, or for `display`. */
  interface Markup {
    /** Its MIME type. */
    readonly type: string;
    /** Its source. */
    readonly text: string;
  }

  /** An image that shows itself. */
  interface Picture {
    /** Its MIME type. */
    readonly type: string;
  }

  interface ImageOptions {
    /** Its MIME type; read from the first bytes when left out. */
    type?: string;
    /** CSS pixels. */
    width?: number;
    /** CSS pixels. */
    height?: number;
  }

  interface ProgressOptions {
    /** What is being done. */
    label?: string;
    /** How many steps it has; left out when nobody knows. */
    total?: number;
  }

  /** A task that shows how far it is: a bar with rate and remaining time. */
  interface Progress extends Disposable {
    /** Says how many steps are done. Cheap: call it after each. */
    update(done: number): void;
    /** Leaves one line of text. `using` calls it at the end of the block. */
    end(): void;
  }

  type Bytes = Uint8Array | ArrayBuffer | ArrayBufferView;

  /** What travels beside the data of a comm message. */
  interface CommExtras {
    /** Bytes, sent as they are. */
    buffers?: readonly Bytes[];
    /** JSON about the message. */
    metadata?: Record<string, unknown>;
  }

  /** A comm message from the front end. */
  interface CommMessage {
    /** JSON, as the front end's code has sent it. */
    // biome-ignore lint/suspicious/noExplicitAny: its form is the front end's, as with JSON.parse
    data: any;
    /** The bytes that came with it. */
    buffers: Uint8Array[];
    /** JSON about the message. */
    metadata: { [key: string]: Json | undefined };
  }

  /** A channel between the kernel and something in the front end (a widget, a figure); either side closes it. */
  interface Comm {
    /** The same on both sides. */
    readonly id: string;
    /** What it was opened to. */
    readonly target: string;
    /** Whether either side has closed it. */
    readonly closed: boolean;
    /**
     * Sends JSON, and bytes beside it.
     *
     * @throws Error when the comm is closed.
     */
    send(data?: unknown, extras?: CommExtras): void;
    /** What is done with each message from the front end, also after the cell; a second call replaces the first. */
    onMessage(handler: (message: CommMessage) => unknown): void;
    /** What is done when the front end closes the comm; a second call replaces the first. */
    onClose(handler: (message: CommMessage) => unknown): void;
    /** Closes it, with a last word. Closing it again does nothing. */
    close(data?: unknown, extras?: CommExtras): void;
  }

  interface CommManager {
    /** Opens a comm to what the front end has registered under this target. */
    open(target: string, data?: unknown, options?: CommExtras & { id?: string }): Comm;
    /** Says what is done when the front end opens a comm to this target; a second call replaces the first. */
    register(target: string, opened: (comm: Comm, open: CommMessage) => unknown): void;
  }

  /** A template tag; of a plain string the whole is meant. */
  interface Tag {
    (template: TemplateStringsArray, ...values: unknown[]): Markup;
    (text: string): Markup;
  }

  /** What `jupyter` is; libraries find it as `globalThis[Symbol.for('jupyter.kernel')]`. */
  interface Kernel {
    /** The same as the global `display`. */
    readonly display: typeof display;
    /** The same as the global `clearOutput`. */
    readonly clearOutput: typeof clearOutput;
    /**
     * HTML that shows itself. Values are escaped, but for those that are `jupyter.html` or `jupyter.svg` themselves;
     * arrays are joined.
     *
     * @example
     * jupyter.html`<ul>${names.map((name) => jupyter.html`<li>${name}</li>`)}</ul>`
     */
    readonly html: Tag;
    /** Markdown that shows itself. Backslashes need no second one: jupyter.md`$\alpha$`. */
    readonly md: Tag;
    /** SVG that shows itself; values as in `html`. */
    readonly svg: Tag;
    /** A formula that shows itself: jupyter.latex`\frac{1}{2}`. With a `$` or `\begin` of its own it is text with formulas. */
    readonly latex: Tag;
    /**
     * The bytes of a PNG, JPEG, GIF, WebP or BMP as something that shows itself.
     *
     * @throws TypeError when the type is neither given nor known from the first bytes.
     */
    image(bytes: Bytes, options?: ImageOptions): Picture;
    /** Like `prompt`, without showing what is typed. */
    password(text?: string): string;
    /** Aborted when the cell is interrupted; fresh for each cell. For `fetch` and other long work. */
    readonly signal: AbortSignal;
    /**
     * Starts a task that shows how far it is. One that is over at once shows nothing.
     *
     * @example
     * using task = jupyter.progress({ label: 'training', total: epochs });
     * for (let epoch = 0; epoch < epochs; epoch++) task.update(epoch + 1);
     */
    progress(options?: ProgressOptions): Progress;
    /** Channels to widgets and other things in the front end. */
    readonly comm: CommManager;
    /** How many megabytes of output a cell may have: 50 at first, `Infinity` for no limit. */
    outputLimit: number;
  }
}

/** What cells written for the tslab kernel import: its display API, on this kernel. */
declare module 'tslab' {
  /** The version of tslab whose API this is, and those of TypeScript and Node. */
  export const versions: { tslab: string; typescript: string; node: string };

  export interface Display {
    javascript(s: string): void;
    html(s: string): void;
    markdown(s: string): void;
    latex(s: string): void;
    svg(s: string): void;
    png(b: Uint8Array): void;
    jpeg(b: Uint8Array): void;
    gif(b: Uint8Array): void;
    pdf(b: Uint8Array): void;
    text(s: string): void;
    /** Shows one value of any MIME type; bytes become base64. */
    raw(contentType: string, b: string | Uint8Array): void;
  }

  /** A display whose every call overwrites what the one before has shown. */
  export function newDisplay(): Display;

  /** Shows rich contents. */
  export const display: Display;
}
