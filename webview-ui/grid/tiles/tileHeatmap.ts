/**
 * The heat map over a tile's thumbnail. Its canvas has the picture's proportions and lies in the same place with the
 * same `object-fit`, so that it is where the picture is, however large the tile.
 */
import type { Heatmap } from '../../../src/protocol/engineApi';
import { element } from '../../dom';
import { mostEvidence, paintCanvas, wholeImage } from '../heatmaps/raster';

/** px of the longer side: enlarged smoothly, and painted in a fraction of a millisecond. */
const longerSide = 96;

export class TileHeatmap {
  readonly root = element('canvas', {
    class: 'heatmap',
    hidden: true,
    attributes: { 'aria-hidden': 'true' },
  });
  private map: Heatmap | undefined;
  private painted: Heatmap | undefined;

  constructor(private readonly picture: HTMLImageElement) {}

  /** The map to show; undefined: none. */
  bind(map: Heatmap | undefined): void {
    if (map === this.map) return;
    this.map = map;
    this.update();
  }

  /** Another picture is here, or none: the map waits until its image is there. */
  pictureChanged(): void {
    this.painted = undefined;
    this.update();
  }

  private update(): void {
    const { map, picture } = this;
    const { naturalWidth: width, naturalHeight: height } = picture;
    const ready = picture.classList.contains('loaded') && width > 0 && height > 0;
    this.root.hidden = !ready || map === undefined || mostEvidence(map) === 0;
    if (!ready || map === undefined || this.root.hidden || map === this.painted) return;
    this.painted = map;
    const scale = longerSide / Math.max(width, height);
    const side = (px: number): number => Math.max(1, Math.round(px * scale));
    paintCanvas(this.root, map, wholeImage, side(width), side(height));
  }
}
