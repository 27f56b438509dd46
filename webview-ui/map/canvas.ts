/** The drawn map: pan, zoom, hover, lasso and keys. It knows points by their number and nothing of what they are. */
import type { Disposable } from '../disposables';
import { element } from '../dom';
import { moved, toPixels, toPlace, wholeMap, zoomed, type Camera, type Size } from './camera';
import { PointGrid, pointsInside, type Place } from './search';
import { Sheet } from './sheet';

export interface MapEvents {
  /** The point below the pointer, and where it is drawn; undefined: none. */
  readonly onHover: (point: number | undefined, left: number, top: number) => void;
  readonly onClick: (point: number) => void;
  readonly onLasso: (points: readonly number[]) => void;
  /** Enter: the points nearest to the middle are asked for. */
  readonly onAskNearest: () => void;
  /** Nothing has moved for a moment. */
  readonly onRest: () => void;
}

/** Pixels around the pointer in which a point is found. */
const reach = 8;
const keyStep = 60;
const keyZoom = 1.3;
/** ms without a move after which it is told where the map is looked at. */
const rest = 150;

export class MapCanvas implements Disposable {
  readonly root: HTMLElement;
  /** What is pointed at and has the focus; the sheet lies in it and is moved. */
  private readonly surface: HTMLElement;
  private readonly overlay = element('canvas', { class: 'overlay', attributes: { 'aria-hidden': 'true' } });
  private readonly sheet = new Sheet();
  private readonly sizes: ResizeObserver;
  private camera: Camera = { x: 0, y: 0, scale: 1 };
  private xy = new Float32Array(0);
  private grid = new PointGrid(this.xy);
  private size: Size = { width: 1, height: 1 };
  private line: Place[] | undefined;
  private dragged: { left: number; top: number; moved: boolean } | undefined;
  private isPlaced = false;
  /** Where the points are looked at when they are there; undefined: all of them. */
  private first: Camera | undefined;
  private timer = 0;
  /** Dragging draws a line; else it moves the map. */
  lasso = false;

  constructor(
    label: string,
    private readonly events: MapEvents,
  ) {
    this.surface = element(
      'div',
      { class: 'points', attributes: { tabindex: '0', role: 'application', 'aria-label': label } },
      this.sheet.canvas,
    );
    this.root = element('div', { class: 'map' }, this.surface, this.overlay);
    this.sizes = new ResizeObserver(() => this.measure());
    this.sizes.observe(this.root);
    this.listen();
  }

  get canDraw(): boolean {
    return this.sheet.canDraw;
  }

  /** @param xy row-major points × 2; NaN for none @param camera where they are looked at; default: all of them */
  setPlaces(xy: Float32Array, camera?: Camera): void {
    this.first = camera;
    this.xy = Float32Array.from(xy);
    this.grid = new PointGrid(this.xy);
    this.sheet.setPlaces(this.xy);
    this.isPlaced = false;
    this.measure();
  }

  /** Where the map is looked at now. */
  get lookedFrom(): Camera {
    return this.camera;
  }

  setColours(rgba: Uint8Array): void {
    this.sheet.setColours(rgba);
  }

  showWhole(): void {
    this.look(wholeMap(this.xy, this.size));
  }

  nearestToMiddle(count: number): number[] {
    return this.grid.closest(this.camera.x, this.camera.y, count);
  }

  /** Where a point is drawn. */
  pixelOf(point: number): [number, number] {
    return toPixels(this.camera, this.size, this.xy[2 * point] ?? NaN, this.xy[2 * point + 1] ?? NaN);
  }

  dispose(): void {
    this.sizes.disconnect();
    window.clearTimeout(this.timer);
    this.sheet.dispose();
  }

  private measure(): void {
    const { clientWidth, clientHeight } = this.root;
    if (clientWidth === 0 || clientHeight === 0) return;
    this.size = { width: clientWidth, height: clientHeight };
    this.overlay.width = Math.round(clientWidth * devicePixelRatio);
    this.overlay.height = Math.round(clientHeight * devicePixelRatio);
    this.sheet.resize(this.size);
    if (!this.isPlaced && this.xy.length > 0) {
      this.look(this.first ?? wholeMap(this.xy, this.size));
      this.isPlaced = true;
    }
  }

  private look(camera: Camera): void {
    this.camera = camera;
    this.sheet.look(camera);
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.events.onRest(), rest);
  }

  private listen(): void {
    const { surface } = this;
    surface.addEventListener('pointerdown', (event) => {
      surface.setPointerCapture(event.pointerId);
      this.dragged = { left: event.offsetX, top: event.offsetY, moved: false };
      if (this.lasso || event.shiftKey) this.line = [this.placeAt(event)];
      this.events.onHover(undefined, 0, 0);
    });
    surface.addEventListener('pointermove', (event) => this.move(event));
    surface.addEventListener('pointerup', (event) => this.release(event));
    surface.addEventListener('pointercancel', () => this.letGo());
    surface.addEventListener('pointerleave', () => this.events.onHover(undefined, 0, 0));
    surface.addEventListener(
      'wheel',
      (event) => {
        event.preventDefault();
        this.zoom(Math.exp(-event.deltaY / 400), event.offsetX, event.offsetY);
      },
      { passive: false },
    );
    surface.addEventListener('keydown', (event) => {
      if (this.onKey(event)) event.preventDefault();
    });
  }

  private placeAt({ offsetX, offsetY }: MouseEvent): Place {
    return toPlace(this.camera, this.size, offsetX, offsetY);
  }

  private move(event: PointerEvent): void {
    const { dragged, line } = this;
    if (!dragged) {
      const [x, y] = this.placeAt(event);
      const point = this.grid.nearest(x, y, reach / this.camera.scale);
      const [left, top] = point === undefined ? [0, 0] : this.pixelOf(point);
      this.events.onHover(point, left, top);
      return;
    }
    const [left, top] = [event.offsetX - dragged.left, event.offsetY - dragged.top];
    if (!dragged.moved && Math.hypot(left, top) < 3) return;
    dragged.moved = true;
    if (line) {
      line.push(this.placeAt(event));
      this.drawLine(line);
      return;
    }
    this.dragged = { left: event.offsetX, top: event.offsetY, moved: true };
    this.look(moved(this.camera, left, top));
  }

  private release(event: PointerEvent): void {
    const { dragged, line } = this;
    this.letGo();
    if (line && line.length > 2) {
      this.events.onLasso(pointsInside(this.xy, line));
      return;
    }
    if (dragged?.moved !== false) return;
    const [x, y] = this.placeAt(event);
    const point = this.grid.nearest(x, y, reach / this.camera.scale);
    if (point !== undefined) this.events.onClick(point);
  }

  private letGo(): void {
    this.dragged = undefined;
    this.line = undefined;
    this.drawLine([]);
  }

  private drawLine(line: readonly Place[]): void {
    const context = this.overlay.getContext('2d');
    if (!context) return;
    context.clearRect(0, 0, this.overlay.width, this.overlay.height);
    if (line.length === 0) return;
    context.lineWidth = 2 * devicePixelRatio;
    context.strokeStyle = getComputedStyle(this.root).color;
    context.beginPath();
    for (const [x, y] of line) {
      const [left, top] = toPixels(this.camera, this.size, x, y);
      context.lineTo(left * devicePixelRatio, top * devicePixelRatio);
    }
    context.closePath();
    context.stroke();
  }

  private zoom(factor: number, left: number, top: number): void {
    this.look(zoomed(this.camera, this.size, factor, left, top));
  }

  /** Whether the key was one of the map's. */
  private onKey({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
    if (ctrlKey || metaKey || altKey) return false;
    const { width, height } = this.size;
    const pan = {
      ArrowLeft: [keyStep, 0],
      ArrowRight: [-keyStep, 0],
      ArrowUp: [0, keyStep],
      ArrowDown: [0, -keyStep],
    }[key];
    if (pan) this.look(moved(this.camera, pan[0] ?? 0, pan[1] ?? 0));
    else if (key === '+' || key === '=') this.zoom(keyZoom, width / 2, height / 2);
    else if (key === '-') this.zoom(1 / keyZoom, width / 2, height / 2);
    else if (key === '0') this.showWhole();
    else if (key === 'Enter') this.events.onAskNearest();
    else return false;
    return true;
  }
}
