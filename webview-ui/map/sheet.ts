/**
 * The sheet that the points are drawn on: larger than the view, so that moving the map moves the sheet and draws nothing.
 * It is drawn anew when its edge comes near, at another scale, and when the hand rests.
 */
import type { Disposable } from '../disposables';
import { element } from '../dom';
import type { Camera, Size } from './camera';
import { PointRenderer } from './pointRenderer';

/** Of the view's sides, what the sheet has more at each edge. */
const margin = 0.25;
/** ms without a move after which the sheet is laid around the view again. */
const rest = 150;

export class Sheet implements Disposable {
  readonly canvas = element('canvas', { class: 'sheet', attributes: { 'aria-hidden': 'true' } });
  private readonly renderer = PointRenderer.on(this.canvas);
  private camera: Camera = { x: 0, y: 0, scale: 1 };
  /** The camera of the picture that is on show, and of the one that is being drawn. */
  private shown: Camera | undefined;
  private drawing: Camera | undefined;
  /** Another picture is to be begun when the one that is being drawn is whole. */
  private isWanted = false;
  private view: Size = { width: 1, height: 1 };
  private size: Size = { width: 1, height: 1 };
  private pointSize = 1;
  private frame = 0;
  private timer = 0;

  get canDraw(): boolean {
    return this.renderer !== undefined;
  }

  /** @param xy row-major points × 2; NaN is not drawn */
  setPlaces(xy: Float32Array): void {
    const points = xy.length / 2;
    this.pointSize = points > 20_000 ? 3 : points > 2_000 ? 5 : 8;
    this.renderer?.setPlaces(xy);
    this.drawAnew();
  }

  /** @param rgba four bytes for each point */
  setColours(rgba: Uint8Array): void {
    this.renderer?.setColours(rgba);
    this.drawAnew();
  }

  /** The view has this size now, in pixels of the page. */
  resize(view: Size): void {
    this.view = view;
    const longest = (this.renderer?.longestSide ?? Infinity) / devicePixelRatio;
    const grown = (side: number): number => Math.min(Math.ceil(side * (1 + 2 * margin)), Math.floor(longest));
    this.size = { width: grown(view.width), height: grown(view.height) };
    const { canvas, size } = this;
    canvas.style.width = `${size.width}px`;
    canvas.style.height = `${size.height}px`;
    canvas.width = Math.round(size.width * devicePixelRatio);
    canvas.height = Math.round(size.height * devicePixelRatio);
    // Another size empties a canvas.
    this.shown = undefined;
    this.drawAnew();
  }

  /** Looks from elsewhere. */
  look(camera: Camera): void {
    this.camera = camera;
    window.clearTimeout(this.timer);
    if (this.isNearEdge()) this.isWanted = true;
    else this.timer = window.setTimeout(() => this.layAnew(), rest);
    this.ask();
  }

  dispose(): void {
    cancelAnimationFrame(this.frame);
    window.clearTimeout(this.timer);
  }

  /** What was begun is of other points, colours or sizes. */
  private drawAnew(): void {
    this.drawing = undefined;
    this.isWanted = true;
    this.ask();
  }

  /** Around the place where the hand rests. */
  private layAnew(): void {
    if (this.shown === this.camera) return;
    this.isWanted = true;
    this.ask();
  }

  /** Half of the margin is used up, or the scale is another. */
  private isNearEdge(): boolean {
    const { camera, view, size } = this;
    const at = this.drawing ?? this.shown;
    if (at?.scale !== camera.scale) return true;
    const x = Math.abs(at.x - camera.x) * camera.scale;
    const y = Math.abs(at.y - camera.y) * camera.scale;
    return 4 * x > size.width - view.width || 4 * y > size.height - view.height;
  }

  /** Once in the next frame, however often it is asked. */
  private ask(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.goOn();
    });
  }

  private goOn(): void {
    const { renderer, camera } = this;
    if (renderer && this.isWanted && !this.drawing) {
      this.isWanted = false;
      this.drawing = camera;
      renderer.begin(camera, this.canvas, devicePixelRatio, this.pointSize);
    }
    // A picture that was begun is finished, whatever comes meanwhile: of a wheel that turns on and on some are seen.
    if (this.drawing && renderer?.goOn() === true) {
      this.shown = this.drawing;
      this.drawing = undefined;
      this.isWanted ||= this.isNearEdge();
    }
    this.place();
    if (this.drawing || (renderer && this.isWanted)) this.ask();
  }

  /** Lays the sheet where its picture belongs. */
  private place(): void {
    const { shown, camera, view, size } = this;
    if (!shown) return;
    const by = camera.scale / shown.scale;
    let left = view.width / 2 + (shown.x - camera.x) * camera.scale - (by * size.width) / 2;
    let top = view.height / 2 - (shown.y - camera.y) * camera.scale - (by * size.height) / 2;
    if (by === 1) {
      // On whole pixels of the device nothing is blurred.
      left = Math.round(left * devicePixelRatio) / devicePixelRatio;
      top = Math.round(top * devicePixelRatio) / devicePixelRatio;
    }
    this.canvas.style.transform = `translate(${left}px, ${top}px) scale(${by})`;
  }
}
