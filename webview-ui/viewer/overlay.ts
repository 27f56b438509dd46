/** A map over an image, and the frame around what the map covers. */

/** A part of an image, as shares of its width and height. */
export interface Region {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** True for the image from edge to edge (to half a percent), and nothing beyond. */
export function coversImage({ left, top, width, height }: Region): boolean {
  return [left, top, width - 1, height - 1].every((difference) => Math.abs(difference) < 0.005);
}

export interface Overlay {
  /** The map from edge to edge; undefined where there is nothing to see. */
  readonly raster: HTMLCanvasElement | undefined;
  /** What it covers of the image. */
  readonly region: Region;
  /** [0, 1] */
  readonly opacity: number;
}

/** A rectangle of the canvas, in its pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where a part of the image lies on the canvas. */
export function boxOf(region: Region, image: Box): Box {
  return {
    x: image.x + region.left * image.width,
    y: image.y + region.top * image.height,
    width: region.width * image.width,
    height: region.height * image.height,
  };
}

/** Draws the overlay over the image that was drawn into the box `image`. */
export function drawOverlay(context: CanvasRenderingContext2D, image: Box, overlay: Overlay): void {
  const { x, y, width, height } = boxOf(overlay.region, image);
  if (overlay.raster) {
    context.save();
    context.globalAlpha = overlay.opacity;
    context.imageSmoothingEnabled = true;
    context.drawImage(overlay.raster, x, y, width, height);
    context.restore();
  }
  if (!coversImage(overlay.region)) drawFrame(context, x, y, width, height);
}

/** White dashes over black: to be seen on any image. */
function drawFrame(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  width: number,
  height: number,
): void {
  const line = Math.max(1, Math.round(devicePixelRatio));
  context.save();
  context.lineWidth = line;
  const half = line / 2;
  const stroke = (colour: string, dash: readonly number[]): void => {
    context.strokeStyle = colour;
    context.setLineDash([...dash]);
    context.strokeRect(
      Math.round(x) + half,
      Math.round(y) + half,
      Math.round(width) - line,
      Math.round(height) - line,
    );
  };
  stroke('rgb(0 0 0 / 70%)', []);
  stroke('rgb(255 255 255 / 85%)', [5 * line, 4 * line]);
  context.restore();
}
