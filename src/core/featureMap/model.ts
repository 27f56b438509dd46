/** The map of images: where each lies, and what it can be coloured by. Types only. */

/** A column with few different texts. */
export interface CategoryColour {
  readonly kind: 'category';
  readonly id: string;
  readonly title: string;
  readonly names: readonly string[];
  /** Index into `names` of each image; -1 for none. */
  readonly codes: Int16Array;
}

/** A number of each image; NaN for none. */
export interface NumberColour {
  readonly kind: 'number';
  readonly id: string;
  readonly title: string;
  readonly values: Float32Array;
}

export type MapColour = CategoryColour | NumberColour;

/** Where the images lie. */
export interface MapPositions {
  /** Row-major images × 2; NaN where an image has no features. */
  readonly xy: Float32Array;
  readonly method: 'components' | 'umap';
}

interface PlacedImages extends MapPositions {
  readonly run: string;
  /** Ids of the images, in the order of the table, as a JSON list: one text is handed on at once, a hundred thousand are not. */
  readonly samples: string;
}

/** Everything a map shows. */
export interface FeatureMap extends PlacedImages {
  readonly colours: readonly MapColour[];
}

/** A map whose colours are asked for some at a time: of many findings all of them are tens of megabytes. */
export interface MapInParts extends PlacedImages {
  /** Names it where its colours are asked for. */
  readonly id: string;
  /** How many there are. */
  readonly colours: number;
}
