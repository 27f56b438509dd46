/** One image: zoom, pan, window and level, invert, and what lies over it. For any page; styles in `viewer.css`. */
import type { DetailPixels, GreyLevels } from '../../src/protocol/engineApi';
import type { DisposableStore } from '../disposables';
import { element, setText } from '../dom';
import { followPointer } from '../drag';
import { wholeOf } from './draft';
import { drawOverlay, type Overlay } from './overlay';
import { KeptWindow } from './keptWindow';
import { ShownImage } from './shownImage';
import { actualSize, fitViewport, panBy, zoomAt, type Size, type Viewport } from './viewport';
import { autoWindow, levelsOf, startWindow, type WindowLevel } from './windowLevel';

const keyStep = 60;
const zoomStep = 1.25;
const windowStep = 1.1;

/** ms that a window must have stayed on the screen before a large image is painted whole. */
const restFor = 120;

/** Images that are painted ahead of their turn. */
const mostAhead = 3;

export class ImageView {
  readonly root: HTMLDivElement;
  private readonly canvas = element('canvas', { class: 'image' });
  private readonly preview = element('img', {
    class: 'preview',
    attributes: { alt: '', draggable: 'false' },
  });
  private readonly note = element('p', { class: 'note', attributes: { role: 'status' } });
  private shown: ShownImage | undefined;
  private ahead: readonly ShownImage[] = [];
  private view: Viewport = { scale: 1, x: 0, y: 0, fits: true };
  private wl: WindowLevel = { window: 255, level: 127.5 };
  private readonly kept = new KeptWindow();
  private overlay: Overlay | undefined;
  private frame = 0;
  /** While its window moves, of a large image a draft is painted. */
  private isMoving = false;
  private rest = 0;

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
      clearTimeout(this.rest);
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
    return this.kept.inverted;
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

  /** Pixels of the screen that a pixel of the image is wide. */
  get zoom(): number {
    return this.view.scale;
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

  /** Paints now, so that the next frame shows it. Each image starts fitted; window and level stay as a reader set them. */
  show(pixels: DetailPixels): void {
    this.shown = this.ahead.find((image) => image.pixels === pixels) ?? new ShownImage(pixels);
    this.wl = this.kept.of(pixels, this.shown.samples);
    this.view = fitViewport(this.shown.shape, this.canvas);
    this.preview.hidden = true;
    this.preview.removeAttribute('src');
    setText(this.note, '');
    this.draw();
    this.onChanged();
  }

  /** Paints an image that may be next. */
  prepare(pixels: DetailPixels): void {
    if (this.ahead.some((image) => image.pixels === pixels) || this.shown?.pixels === pixels) return;
    const image = new ShownImage(pixels);
    image.paint(this.kept.of(pixels, image.samples), this.kept.inverted);
    this.ahead = [image, ...this.ahead].slice(0, mostAhead);
  }

  setWindowLevel(wl: WindowLevel): void {
    const most = this.levels - 1;
    this.useWindow({
      ...wl,
      window: Math.min(Math.max(1, wl.window), 2 * most),
      level: Math.min(Math.max(0, wl.level), most),
    });
  }

  auto(): void {
    if (!this.shown) return;
    this.setWindowLevel(autoWindow(this.shown.samples, this.shown.pixels.bits));
    this.kept.keepAuto();
  }

  reset(): void {
    if (!this.shown) return;
    this.kept.reset();
    this.wl = startWindow(this.shown.pixels, this.shown.samples);
    this.changed();
  }

  /** A window of the file, which may reach beyond what a hand can set. */
  useWindow(wl: WindowLevel): void {
    this.wl = wl;
    this.kept.keep(wl, this.shown?.pixels);
    // It rests from the frame on that shows it, however long that takes.
    clearTimeout(this.rest);
    this.isMoving = this.shown !== undefined;
    this.changed();
  }

  invert(): void {
    this.kept.inverted = !this.kept.inverted;
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
    if (this.shown) this.view = fitViewport(this.shown.shape, this.canvas);
    this.changed();
  }

  /** A pixel of the image on a pixel of the screen. */
  actualSize(): void {
    if (this.shown) this.view = actualSize(this.shown.shape, this.canvas, this.view);
    this.changed();
  }

  zoomBy(factor: number, at = { x: this.canvas.width / 2, y: this.canvas.height / 2 }): void {
    if (this.shown) this.view = zoomAt(this.view, factor, at, this.shown.shape, this.canvas);
    this.changed();
  }

  panBy(dx: number, dy: number): void {
    if (this.shown) this.view = panBy(this.view, dx, dy, this.shown.shape, this.canvas);
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
    else if (event.key === '[') this.setWindowLevel({ ...this.wl, window: this.wl.window / windowStep });
    else if (event.key === ']') this.setWindowLevel({ ...this.wl, window: this.wl.window * windowStep });
    else return this.onLetter(event.key);
    return true;
  }

  private onLetter(key: string): boolean {
    const letters: Readonly<Record<string, () => void>> = {
      '0': () => this.fit(),
      z: () => this.actualSize(),
      i: () => this.invert(),
      r: () => this.reset(),
    };
    const act = Object.hasOwn(letters, key) ? letters[key] : undefined;
    act?.();
    return act !== undefined;
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
        ? fitViewport(this.shown.shape, size)
        : panBy(this.view, 0, 0, this.shown.shape, size);
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
    const { isMoving } = this;
    if (isMoving) this.restSoon();
    const { image, cut } = isMoving
      ? shown.draft(view, this.canvas)
      : { image: shown, cut: wholeOf(shown.pixels) };
    image.paint(this.wl, this.kept.inverted);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    // Above its own size an image shows its pixels: invented detail has no place in a reading.
    context.imageSmoothingEnabled = view.scale < 2;
    // Without a graphics card the better one takes longer than all the rest of a frame.
    context.imageSmoothingQuality = isMoving ? 'low' : 'high';
    const { x, y, scale } = view;
    const { shape } = shown;
    const box = { x, y, width: shape.width * scale, height: shape.height * scale };
    const down = box.height / shown.pixels.height;
    context.drawImage(
      image.source,
      ...[0, 0, cut.width / cut.factor, cut.height / cut.factor],
      ...[x + cut.x * scale, y + cut.y * down, cut.width * scale, cut.height * down],
    );
    if (this.overlay) drawOverlay(context, box, this.overlay);
  }

  private restSoon(): void {
    clearTimeout(this.rest);
    this.rest = window.setTimeout(() => {
      this.isMoving = false;
      this.draw();
    }, restFor);
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
