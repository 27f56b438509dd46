/** The drawn map: pan, zoom, hover, lasso and keys. It knows points by their number and nothing of what they are. */
import type { Disposable } from '../disposables';
import { element } from '../dom';
import { moved, toPixels, toPlace, wholeMap, zoomed, type Camera, type Size } from './camera';
import { PointRenderer } from './pointRenderer';
import { PointGrid, pointsInside, type Place } from './search';

export interface MapEvents {
  /** The point below the pointer, and where it is drawn; undefined: none. */
  readonly onHover: (point: number | undefined, left: number, top: number) => void;
  readonly onClick: (point: number) => void;
  readonly onLasso: (points: readonly number[]) => void;
  /** Enter: the points nearest to the middle are asked for. */
  readonly onAskNearest: () => void;
}

/** Pixels around the pointer in which a point is found. */
const reach = 8;
const keyStep = 60;
const keyZoom = 1.3;

export class MapCanvas implements Disposable {
  readonly root: HTMLElement;
  private readonly canvas: HTMLCanvasElement;
  private readonly overlay = element('canvas', { class: 'overlay', attributes: { 'aria-hidden': 'true' } });
  private readonly renderer: PointRenderer | undefined;
  private readonly sizes: ResizeObserver;
  private camera: Camera = { x: 0, y: 0, scale: 1 };
  private xy = new Float32Array(0);
  private grid = new PointGrid(this.xy);
  private size: Size = { width: 1, height: 1 };
  private line: Place[] | undefined;
  private dragged: { left: number; top: number; moved: boolean } | undefined;
  private isAsked = false;
  private isPlaced = false;
  /** Dragging draws a line; else it moves the map. */
  lasso = false;

  constructor(
    label: string,
    private readonly events: MapEvents,
  ) {
    this.canvas = element('canvas', {
      class: 'points',
      attributes: { tabindex: '0', role: 'application', 'aria-label': label },
    });
    this.root = element('div', { class: 'map' }, this.canvas, this.overlay);
    this.renderer = PointRenderer.on(this.canvas);
    this.sizes = new ResizeObserver(() => this.measure());
    this.sizes.observe(this.root);
    this.listen();
  }

  get canDraw(): boolean {
    return this.renderer !== undefined;
  }

  /** @param xy row-major points × 2; NaN for none */
  setPlaces(xy: Float32Array): void {
    this.xy = Float32Array.from(xy);
    this.grid = new PointGrid(this.xy);
    this.renderer?.setPlaces(this.xy);
    this.isPlaced = false;
    this.measure();
  }

  setColours(rgba: Uint8Array): void {
    this.renderer?.setColours(rgba);
    this.ask();
  }

  showWhole(): void {
    this.camera = wholeMap(this.xy, this.size);
    this.ask();
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
  }

  private measure(): void {
    const { clientWidth, clientHeight } = this.root;
    if (clientWidth === 0 || clientHeight === 0) return;
    this.size = { width: clientWidth, height: clientHeight };
    for (const canvas of [this.canvas, this.overlay]) {
      canvas.width = Math.round(clientWidth * devicePixelRatio);
      canvas.height = Math.round(clientHeight * devicePixelRatio);
    }
    if (!this.isPlaced && this.xy.length > 0) {
      this.camera = wholeMap(this.xy, this.size);
      this.isPlaced = true;
    }
    this.ask();
  }

  /** Draws in the next frame, once however often it is asked. */
  private ask(): void {
    if (this.isAsked) return;
    this.isAsked = true;
    requestAnimationFrame(() => {
      this.isAsked = false;
      this.draw();
    });
  }

  private draw(): void {
    const points = this.xy.length / 2;
    const size = points > 20_000 ? 3 : points > 2_000 ? 5 : 8;
    this.renderer?.draw(this.camera, this.canvas, devicePixelRatio, size);
  }

  private listen(): void {
    const { canvas } = this;
    canvas.addEventListener('pointerdown', (event) => {
      canvas.setPointerCapture(event.pointerId);
      this.dragged = { left: event.offsetX, top: event.offsetY, moved: false };
      if (this.lasso || event.shiftKey) this.line = [this.placeAt(event)];
      this.events.onHover(undefined, 0, 0);
    });
    canvas.addEventListener('pointermove', (event) => this.move(event));
    canvas.addEventListener('pointerup', (event) => this.release(event));
    canvas.addEventListener('pointercancel', () => this.letGo());
    canvas.addEventListener('pointerleave', () => this.events.onHover(undefined, 0, 0));
    canvas.addEventListener(
      'wheel',
      (event) => {
        event.preventDefault();
        this.zoom(Math.exp(-event.deltaY / 400), event.offsetX, event.offsetY);
      },
      { passive: false },
    );
    canvas.addEventListener('keydown', (event) => {
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
    this.camera = moved(this.camera, left, top);
    this.ask();
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
    this.camera = zoomed(this.camera, this.size, factor, left, top);
    this.ask();
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
    if (pan) {
      this.camera = moved(this.camera, pan[0] ?? 0, pan[1] ?? 0);
      this.ask();
    } else if (key === '+' || key === '=') this.zoom(keyZoom, width / 2, height / 2);
    else if (key === '-') this.zoom(1 / keyZoom, width / 2, height / 2);
    else if (key === '0') this.showWhole();
    else if (key === 'Enter') this.events.onAskNearest();
    else return false;
    return true;
  }
}
