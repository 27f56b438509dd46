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
   * height × width, row-major, at the method's own resolution. Positive is evidence for the output, negative
   * against it. `cam`: the uncalibrated logit of each place, whose mean is the image's. `occlusion`: by how much
   * the image's logit falls without the place. `score-cam`: at least 0, in the unit of the network's activations,
   * so that only its shape says something.
   */
  readonly values: Float32Array;
  /** What the map covers of the upright image: what the network saw, which a crop makes less than all. */
  readonly region: Region;
}

/** A linear layer over features: what heat maps need of `Head`. */
export interface LinearLayer {
  readonly outputs: readonly string[];
  readonly dim: number;
  /** Row-major outputs × dim. */
  readonly weights: Float32Array | Float64Array;
  readonly bias: Float32Array | Float64Array;
}

/** The maps of all outputs of one image: once it went through the network, a change of the class costs nothing. */
export interface ImageMaps {
  readonly method: HeatmapMethod;
  readonly width: number;
  readonly height: number;
  /** outputs × height × width; see `Heatmap.values`. */
  readonly values: Float32Array;
  readonly region: Region;
  /** Uncalibrated logits of the whole image; of several classes centred. */
  readonly logits: Float64Array;
}
