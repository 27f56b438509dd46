/** Heat maps: where in an image the evidence for a class lies. Types only. */

/**
 * `cam`: class activation map (Zhou et al. 2016). `score-cam`: Wang et al. 2020, gradient-free. `occlusion`: how
 * much the logit falls when a patch is hidden (Zeiler and Fergus 2014).
 */
export type HeatmapMethod = 'cam' | 'score-cam' | 'occlusion';

/** A part of an image, in shares of its width and height; may reach beyond 0 and 1 where the crop was padded. */
export interface Region {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Heatmap {
  readonly sample: string;
  /** The class or finding that it is about. */
  readonly output: string;
  readonly method: HeatmapMethod;
  readonly width: number;
  readonly height: number;
  /**
   * height × width, row-major, at the method's own resolution. In units of the uncalibrated logit: positive is
   * evidence for the output, negative against it.
   */
  readonly values: Float32Array;
  /** What the map covers of the upright image: what the network saw, which a crop makes less than all. */
  readonly region: Region;
}
