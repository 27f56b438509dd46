/** Where an image lies on the canvas. All in canvas pixels; `scale` is canvas pixels per image pixel. */

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Viewport {
  readonly scale: number;
  /** Place of the image's top left corner. */
  readonly x: number;
  readonly y: number;
  /** Follows the canvas: the whole image stays in view when the pane is resized. */
  readonly fits: boolean;
}

const mostScale = 32;

/** The whole image, centred; small images are enlarged. */
export function fitViewport(image: Size, canvas: Size): Viewport {
  const scale = Math.min(canvas.width / image.width, canvas.height / image.height);
  return {
    scale,
    x: (canvas.width - image.width * scale) / 2,
    y: (canvas.height - image.height * scale) / 2,
    fits: true,
  };
}

/** A pixel of the image on a pixel of the screen, about the middle of what is in view. */
export function actualSize(image: Size, canvas: Size, view: Viewport): Viewport {
  const ratio = 1 / view.scale;
  const x = canvas.width / 2 - (canvas.width / 2 - view.x) * ratio;
  const y = canvas.height / 2 - (canvas.height / 2 - view.y) * ratio;
  return within({ scale: 1, x, y, fits: false }, image, canvas);
}

/** Zooms by a factor about a point of the canvas, which keeps its image pixel. */
export function zoomAt(
  view: Viewport,
  factor: number,
  point: { readonly x: number; readonly y: number },
  image: Size,
  canvas: Size,
): Viewport {
  const fit = fitViewport(image, canvas);
  const scale = Math.min(Math.max(view.scale * factor, fit.scale), Math.max(mostScale, fit.scale));
  if (scale === fit.scale) return fit;
  const ratio = scale / view.scale;
  const moved = {
    scale,
    x: point.x - (point.x - view.x) * ratio,
    y: point.y - (point.y - view.y) * ratio,
    fits: false,
  };
  return within(moved, image, canvas);
}

/** Moves the image; it cannot leave the canvas. */
export function panBy(view: Viewport, dx: number, dy: number, image: Size, canvas: Size): Viewport {
  return within({ ...view, x: view.x + dx, y: view.y + dy }, image, canvas);
}

/** An image larger than the canvas covers it; a smaller one is centred. */
function within(view: Viewport, image: Size, canvas: Size): Viewport {
  return {
    ...view,
    x: place(view.x, image.width * view.scale, canvas.width),
    y: place(view.y, image.height * view.scale, canvas.height),
  };
}

function place(at: number, image: number, canvas: number): number {
  return image <= canvas ? (canvas - image) / 2 : Math.min(0, Math.max(canvas - image, at));
}
