/** What the stages of one extraction share. */
import { OverreadError } from '../base/errors';
import { present } from '../base/present';
import type { ContentHashes, FileStamp } from '../images/contentHashes';
import type { ExtractRequest, ImageFault } from './model';
import type { FeatureRows } from './rows';
import type { FeatureStore, RecordPlace } from './store';

export interface Extraction {
  readonly request: ExtractRequest;
  readonly stamps: readonly (FileStamp | null)[];
  readonly memo: ContentHashes;
  readonly store: FeatureStore;
  readonly rows: FeatureRows;
  /** Where the cache has contents that no row was known to want when it was read. */
  readonly places: ReadonlyMap<string, RecordPlace>;
  readonly faults: ImageFault[];
}

/** The file of a row's image. */
export function fileOf({ request }: Extraction, row: number): string {
  return present(request.images[row], 'the image').file;
}

/**
 * Leaves an image out: notes its fault. @throws the error when it is no fault of an image
 */
export function leaveOut(extraction: Extraction, row: number, error: unknown): void {
  if (!(error instanceof OverreadError) || !/^OVR(003|30\d)$/.test(error.code)) throw error;
  const file = fileOf(extraction, row);
  const problem = { ...error.toJSON(), place: { ...error.place, file }, severity: 'error' } as const;
  extraction.faults.push({ image: row, problem });
}

/** Says how many images are done with, with features or without. */
export function reportProgress({ request, rows, faults }: Extraction): void {
  request.onProgress?.({
    stage: 'features',
    done: rows.filled + faults.length,
    total: request.images.length,
  });
}
