/** Where the map is looked at: a middle and a scale, between places of images and pixels of the canvas. */

export interface Camera {
  /** Middle of the view, in the map's own units. */
  readonly x: number;
  readonly y: number;
  /** Pixels for each unit. */
  readonly scale: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The camera that shows all points, with a margin; NaN has no place. */
export function wholeMap(xy: Float32Array, { width, height }: Size): Camera {
  let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < xy.length; i += 2) {
    const x = xy[i] ?? NaN;
    const y = xy[i + 1] ?? NaN;
    if (Number.isNaN(x)) continue;
    left = Math.min(left, x);
    right = Math.max(right, x);
    bottom = Math.min(bottom, y);
    top = Math.max(top, y);
  }
  if (left > right) return { x: 0, y: 0, scale: 1 };
  const scale = 0.92 * Math.min(width / Math.max(right - left, 1e-6), height / Math.max(top - bottom, 1e-6));
  return { x: (left + right) / 2, y: (bottom + top) / 2, scale };
}

export function toPixels(
  { x, y, scale }: Camera,
  { width, height }: Size,
  px: number,
  py: number,
): [number, number] {
  return [width / 2 + (px - x) * scale, height / 2 - (py - y) * scale];
}

export function toPlace(
  { x, y, scale }: Camera,
  { width, height }: Size,
  left: number,
  top: number,
): [number, number] {
  return [x + (left - width / 2) / scale, y - (top - height / 2) / scale];
}

/** Moved by pixels, as the hand moves. */
export function moved(camera: Camera, left: number, top: number): Camera {
  return { ...camera, x: camera.x - left / camera.scale, y: camera.y + top / camera.scale };
}

/** Zoomed, with the place under a pixel staying where it is. */
export function zoomed(camera: Camera, size: Size, factor: number, left: number, top: number): Camera {
  const [x, y] = toPlace(camera, size, left, top);
  const scale = Math.min(1e6, Math.max(1e-3, camera.scale * factor));
  const by = camera.scale / scale;
  return { x: x + (camera.x - x) * by, y: y + (camera.y - y) * by, scale };
}

/** The camera as text, to be kept with the run whose images it looks at. */
export function cameraText({ x, y, scale }: Camera, run: string): string {
  return [x, y, scale, run].join(' ');
}

/** The camera that was kept; undefined where there is none, or one of another run's images. */
export function keptCamera(text: string | undefined, run: string): Camera | undefined {
  const [x = NaN, y = NaN, scale = NaN] = (text ?? '').split(' ', 3).map(Number);
  const isCamera = [x, y, scale].every(Number.isFinite) && scale > 0;
  return isCamera && text === cameraText({ x, y, scale }, run) ? { x, y, scale } : undefined;
}
