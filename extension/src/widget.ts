import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { Widget } from '@lumino/widgets';
import { type Figure, validateFigure } from 'losslab/figure';
import { oneAtATime } from './latest';
import { onRedraw } from './redraws';

type Drawing = import('./drawing').Drawing;

/** Below this width (an output that is hidden has none) nothing is drawn. */
const LEAST_WIDTH = 100;

/** Shows one output: draws its figure, again when its width, its data or the theme change. */
export class FigureWidget extends Widget implements IRenderMime.IRenderer {
  private readonly mimeType: string;
  private readonly stopRedraws: () => void;
  private readonly resizes: ResizeObserver;
  private readonly redraw: () => Promise<void>;
  private figure: Figure | undefined;
  private drawing: Drawing | undefined;
  private drawnWidth = 0;

  constructor({ mimeType }: { mimeType: string }) {
    super();
    this.mimeType = mimeType;
    this.addClass('losslab-figure');
    this.redraw = oneAtATime(() => this.draw());
    this.stopRedraws = onRedraw(() => void this.redraw());
    this.resizes = new ResizeObserver(() => this.redrawIfWider());
    this.resizes.observe(this.node);
  }

  /** Draws what stands in the notebook; what is no figure gets the validator's sentence instead. */
  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    try {
      this.figure = validateFigure(model.data[this.mimeType]);
      this.node.setAttribute('role', 'figure');
      this.node.setAttribute('aria-label', this.figure.caption);
    } catch (error) {
      this.figure = undefined;
      this.showProblem(error);
      return;
    }
    await this.redraw();
  }

  protected override onAfterShow(): void {
    this.redrawIfWider();
  }

  override dispose(): void {
    if (this.isDisposed) return;
    this.resizes.disconnect();
    this.stopRedraws();
    this.figure = undefined;
    void this.drawing?.clear();
    super.dispose();
  }

  private redrawIfWider(): void {
    const width = this.node.clientWidth;
    if (this.figure && width !== this.drawnWidth && width >= LEAST_WIDTH) void this.redraw();
  }

  private async draw(): Promise<void> {
    const width = this.node.clientWidth;
    const { figure } = this;
    if (!figure || width < LEAST_WIDTH) return;
    const { Drawing } = await import('./drawing');
    this.drawing ??= new Drawing(this.node);
    this.drawnWidth = width;
    delete this.node.dataset.losslabRendered;
    try {
      await this.drawing.draw(figure, width);
      if (this.isDisposed) await this.drawing.clear();
      else this.node.dataset.losslabRendered = figure.kind;
    } catch (error) {
      this.showProblem(error);
    }
  }

  private showProblem(error: unknown): void {
    const problem = document.createElement('div');
    problem.className = 'losslab-problem';
    problem.textContent = `This figure cannot be drawn. ${error instanceof Error ? error.message : String(error)}`;
    this.node.replaceChildren(problem);
    this.node.dataset.losslabRendered = 'problem';
  }
}
