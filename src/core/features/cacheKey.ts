/**
 * What cached features depend on beside the image's content. Two requests with the same key get the same
 * numbers; whatever could change a number is in the key.
 */
import { canonicalJson, sha256 } from '../base/files';
import { decoderVersion } from '../images/decode';
import { greyRule } from '../images/grey';
import { sixteenBitRule } from '../images/sixteenBit';
import type { WeightsIdentity } from '../networks/model';

/**
 * Raised when the code between a decoded image and its features changes its numbers (resampling, geometry, an
 * architecture's graph): older caches are then left aside.
 */
export const featuresVersion = 2;

/** The canonical preprocessing and weights, as plain data; written to `key.json` for people. */
export interface FeatureKeyContent {
  readonly featuresVersion: number;
  readonly decoder: string;
  readonly rules: Readonly<Record<string, string>>;
  readonly preprocessing: WeightsIdentity['preprocessing'];
  readonly architecture: string;
  readonly weights: { readonly name: string; readonly sha256: string };
  readonly truncate: string | null;
  /** Absent: single precision, as it was before there was a choice. */
  readonly precision?: 'fp16';
}

export interface FeatureKey {
  /** Folder name under `.overread/features`: the architecture for people, the hash for truth. */
  readonly folder: string;
  readonly content: FeatureKeyContent;
}

/** What of a network's weights its features depend on. */
export type FeatureIdentity = Pick<
  WeightsIdentity,
  'architecture' | 'name' | 'sha256' | 'preprocessing' | 'truncate' | 'precision'
>;

/** The key of features computed with these weights by this version of the code. */
export function featureKey(weights: FeatureIdentity): FeatureKey {
  const { size, cropPct, interpolation, channels, mean, std, crop, dicom } = weights.preprocessing;
  const content: FeatureKeyContent = {
    featuresVersion,
    decoder: decoderVersion,
    rules: {
      sixteenBit: sixteenBitRule,
      grey: greyRule,
      orientation: 'EXIF orientation applied',
      colour: 'no colour profile applied; alpha dropped; CMYK by (255 - C)(255 - K) / 255',
      resampling: 'separable, antialiased, 22-bit weights, 8-bit intermediate (as Pillow 13)',
      shrinkOnLoad: 'off',
    },
    preprocessing: {
      ...{ size, cropPct, interpolation, channels, mean, std, crop },
      ...(dicom === undefined ? {} : { dicom }),
    },
    architecture: weights.architecture,
    weights: { name: weights.name, sha256: weights.sha256 },
    truncate: weights.truncate,
    ...(weights.precision === undefined ? {} : { precision: weights.precision }),
  };
  // The name of the weights is for people: the same file under another name gives the same features.
  const identity = { ...content, weights: weights.sha256 };
  const hash = sha256(canonicalJson(identity)).slice(0, 24);
  return { folder: `${weights.architecture}-${hash}`, content };
}
