/** What the map may ask of the extension host. Types and the checked parser of its messages. */
import type { CategoryColour, FeatureMap, MapColour, MapPositions } from '../core/featureMap/model';
import { RejectedRequest } from './gridRequests';

export type { CategoryColour, FeatureMap, MapColour };

export interface MapStart {
  readonly root: string;
  /** What the project is called. */
  readonly name: string;
}

export interface MapMethods {
  ready(): Promise<MapStart>;
  map(): Promise<FeatureMap>;
  /** Takes seconds to minutes. */
  umap(): Promise<MapPositions>;
  /** Opens images in the review grid, by their ids. */
  show(samples: readonly string[]): Promise<void>;
  /** Where the page finds the thumbnail of an image; null: it cannot be read. */
  thumbnail(sample: string): Promise<string | null>;
  log(message: string): Promise<void>;
}

/** Images that a map shows at once; the grid lists no more of a choice. */
export const mostShown = 10_000;

/** The methods to serve to the page: every parameter is narrowed. */
export function checkedMapMethods(handlers: MapMethods): MapMethods {
  return {
    ready: async () => handlers.ready(),
    map: async () => handlers.map(),
    umap: async () => handlers.umap(),
    show: async (samples: unknown) => handlers.show(asSamples(samples)),
    thumbnail: async (sample: unknown) => handlers.thumbnail(asText(sample)),
    log: async (message: unknown) => handlers.log(asText(message).slice(0, 2_000)),
  };
}

function asSamples(value: unknown): readonly string[] {
  if (Array.isArray(value) && value.length > 0 && value.length <= mostShown) return value.map(asText);
  throw new RejectedRequest('no usable images', `1 to ${mostShown} ids`);
}

function asText(value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new RejectedRequest('no usable text', 'text');
}
