/** One image: zoom, pan, window and level, invert, and what lies over it. For any page; styles in `viewer.css`. */
import type { DetailPixels, GreyLevels } from '../../src/protocol/engineApi';
import type { DisposableStore } from '../disposables';
import { element, setText } from '../dom';
import { followPointer } from '../drag';
import { drawOverlay, type Overlay } from './overlay';
import { fitViewport, panBy, zoomAt, type Size, type Viewport } from './viewport';
import {
  autoWindow,
  buildTable,
  levelsOf,
  paint,
  samplesOf,
  startWindow,
  type WindowLevel,
} from './windowLevel';

const keyStep = 60;
const zoomStep = 1.25;

interface Shown {
  readonly pixels: DetailPixels;
  readonly samples: Uint8Array | Uint16Array;
  readonly data: ImageData;
  /** The image at its own size, as the window shows it. */
  readonly source: HTMLCanvasElement;
}

/** Its size on the screen at scale 1: a pixel of it is a pixel wide, and as high as the file says. */
function shapeOf({ width, height, aspect = 1 }: DetailPixels): Size {
  return { width, height: height * aspect };
}

export class ImageView {
  readonly root: HTMLDivElement;
  private readonly canvas = element('canvas', { class: 'image' });
  private readonly preview = element('img', {
    class: 'preview',
    attributes: { alt: '', draggable: 'false' },
  });
  private readonly note = element('p', { class: 'note', attributes: { role: 'status' } });
  private shown: Shown | undefined;
  private view: Viewport = { scale: 1, x: 0, y: 0, fits: true };
  private wl: WindowLevel = { window: 255, level: 127.5 };
  private inverted = false;
  private overlay: Overlay | undefined;
  private frame = 0;
  private stale = false;

  constructor(
    /** What it is and which keys it has, for a screen reader. */
    label: string,
    private readonly onChanged: () => void,
    disposables: DisposableStore,
  ) {
    this.root = element(
      'div',
      {
        class: 'stage',
        attributes: { tabindex: '0', role: 'application', 'aria-label': label },
      },
      this.preview,
      this.canvas,
      this.note,
    );
    const observer = new ResizeObserver(() => this.resized());
    observer.observe(this.root);
    disposables.onDispose(() => {
      observer.disconnect();
      cancelAnimationFrame(this.frame);
    });
    disposables.listen(this.root, 'wheel', (event) => this.onWheel(event), { passive: false });
    disposables.listen(this.root, 'pointerdown', (event) => this.onPointer(event));
    disposables.listen(this.root, 'dblclick', () => this.fit());
    disposables.listen(this.root, 'contextmenu', (event) => {
      // The right button drags window and level.
      event.preventDefault();
      event.stopPropagation();
    });
  }

  get windowLevel(): WindowLevel {
    return this.wl;
  }

  get isInverted(): boolean {
    return this.inverted;
  }

  /** Grey values of the image on show: 256, 65,536, or as many as its file can hold. */
  get levels(): number {
    const pixels = this.shown?.pixels;
    return pixels?.levels ? pixels.levels.most + 1 : levelsOf(pixels?.bits ?? 8);
  }

  /** What the file of the image on show says of its grey. */
  get fileLevels(): GreyLevels | undefined {
    return this.shown?.pixels.levels;
  }

  /** Zoom as a share of the image's own pixels on the screen. */
  get zoom(): number {
    return this.view.scale / devicePixelRatio;
  }

  /** Waits for pixels; meanwhile the thumbnail of the same image, never another image. */
  showLoading(thumbnail: string | undefined, text: string): void {
    this.shown = undefined;
    this.clear();
    if (thumbnail === undefined) this.preview.removeAttribute('src');
    else this.preview.src = thumbnail;
    this.preview.hidden = thumbnail === undefined;
    setText(this.note, thumbnail === undefined ? text : '');
    this.onChanged();
  }

  showFailure(text: string): void {
    this.showLoading(undefined, text);
  }

  /** Paints now, so that the next frame shows it. Each image starts fitted, with its own first window. */
  show(pixels: DetailPixels): void {
    const samples = samplesOf(pixels);
    const source = this.shown?.source ?? element('canvas', {});
    source.width = pixels.width;
    source.height = pixels.height;
    this.shown = { pixels, samples, source, data: new ImageData(pixels.width, pixels.height) };
    this.wl = startWindow(pixels, samples);
    this.view = fitViewport(shapeOf(pixels), this.canvas);
    this.stale = true;
    this.preview.hidden = true;
    this.preview.removeAttribute('src');
    setText(this.note, '');
    this.draw();
    this.onChanged();
  }

  setWindowLevel(wl: WindowLevel): void {
    const most = this.levels - 1;
    this.wl = {
      ...wl,
      window: Math.min(Math.max(1, wl.window), 2 * most),
      level: Math.min(Math.max(0, wl.level), most),
    };
    this.stale = true;
    this.changed();
  }

  auto(): void {
    if (this.shown) this.setWindowLevel(autoWindow(this.shown.samples, this.shown.pixels.bits));
  }

  reset(): void {
    if (!this.shown) return;
    this.inverted = false;
    this.useWindow(startWindow(this.shown.pixels, this.shown.samples));
  }

  /** A window of the file, which may reach beyond what a hand can set. */
  useWindow(wl: WindowLevel): void {
    this.wl = wl;
    this.stale = true;
    this.changed();
  }

  invert(): void {
    this.inverted = !this.inverted;
    this.stale = true;
    this.changed();
  }

  /** What lies over the image on show; it follows zoom and pan. */
  setOverlay(overlay: Overlay | undefined): void {
    const { raster, region, opacity } = this.overlay ?? {};
    if (raster === overlay?.raster && region === overlay?.region && opacity === overlay?.opacity) return;
    this.overlay = overlay;
    this.frame ||= requestAnimationFrame(() => this.draw());
  }

  fit(): void {
    if (this.shown) this.view = fitViewport(shapeOf(this.shown.pixels), this.canvas);
    this.changed();
  }

  zoomBy(factor: number, at = { x: this.canvas.width / 2, y: this.canvas.height / 2 }): void {
    if (this.shown) this.view = zoomAt(this.view, factor, at, shapeOf(this.shown.pixels), this.canvas);
    this.changed();
  }

  panBy(dx: number, dy: number): void {
    if (this.shown) this.view = panBy(this.view, dx, dy, shapeOf(this.shown.pixels), this.canvas);
    this.changed();
  }

  /** Keys of the image itself. @returns true when the key was one of them */
  onKey(event: KeyboardEvent): boolean {
    const pans: Readonly<Record<string, readonly [number, number]>> = {
      ArrowLeft: [keyStep, 0],
      ArrowRight: [-keyStep, 0],
      ArrowUp: [0, keyStep],
      ArrowDown: [0, -keyStep],
    };
    const pan = event.shiftKey ? pans[event.key] : undefined;
    if (pan) this.panBy(pan[0] * devicePixelRatio, pan[1] * devicePixelRatio);
    else if (event.key === '+' || event.key === '=') this.zoomBy(zoomStep);
    else if (event.key === '-' || event.key === '_') this.zoomBy(1 / zoomStep);
    else return false;
    return true;
  }

  private changed(): void {
    this.frame ||= requestAnimationFrame(() => this.draw());
    this.onChanged();
  }

  private resized(): void {
    const size: Size = {
      width: Math.max(1, Math.round(this.root.clientWidth * devicePixelRatio)),
      height: Math.max(1, Math.round(this.root.clientHeight * devicePixelRatio)),
    };
    if (size.width === this.canvas.width && size.height === this.canvas.height) return;
    this.canvas.width = size.width;
    this.canvas.height = size.height;
    if (this.shown) {
      this.view = this.view.fits
        ? fitViewport(shapeOf(this.shown.pixels), size)
        : panBy(this.view, 0, 0, shapeOf(this.shown.pixels), size);
    }
    this.draw();
    this.onChanged();
  }

  private clear(): void {
    this.canvas.getContext('2d')?.clearRect(0, 0, this.canvas.width, this.canvas.height);
  }

  private draw(): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    const context = this.canvas.getContext('2d');
    const { shown, view } = this;
    if (!context || !shown) return;
    if (this.stale) {
      this.stale = false;
      const table = buildTable(shown.pixels.bits, this.wl, this.inverted);
      paint(shown.pixels, shown.samples, table, new Uint32Array(shown.data.data.buffer));
      shown.source.getContext('2d')?.putImageData(shown.data, 0, 0);
    }
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    // Above its own size an image shows its pixels: invented detail has no place in a reading.
    context.imageSmoothingEnabled = view.scale < 2;
    context.imageSmoothingQuality = 'high';
    const { x, y, scale } = view;
    const shape = shapeOf(shown.pixels);
    const box = { x, y, width: shape.width * scale, height: shape.height * scale };
    context.drawImage(shown.source, box.x, box.y, box.width, box.height);
    if (this.overlay) drawOverlay(context, box, this.overlay);
  }

  private onWheel(event: WheelEvent): void {
    event.preventDefault();
    const box = this.root.getBoundingClientRect();
    this.zoomBy(Math.exp(-event.deltaY * 0.0015), {
      x: (event.clientX - box.left) * devicePixelRatio,
      y: (event.clientY - box.top) * devicePixelRatio,
    });
  }

  /** Left or middle drags the image; right drags window (across) and level (up and down). */
  private onPointer(event: PointerEvent): void {
    const right = event.button === 2;
    let { clientX: x, clientY: y } = event;
    followPointer(this.root, event, (next) => {
      const [dx, dy] = [next.clientX - x, next.clientY - y];
      ({ clientX: x, clientY: y } = next);
      const step = this.levels / 512;
      if (right) {
        this.setWindowLevel({
          ...this.wl,
          window: this.wl.window + dx * step,
          level: this.wl.level - dy * step,
        });
      } else this.panBy(dx * devicePixelRatio, dy * devicePixelRatio);
    });
  }
}
