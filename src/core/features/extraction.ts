/** What the stages of one extraction share. */
import { OverreadError } from '../base/errors';
import type { Problem } from '../base/report';
import type { ContentHashes, FileStamp } from '../images/contentHashes';
import type { ExtractRequest } from './model';
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
  readonly problems: Problem[];
}

/**
 * Leaves an image out: notes its problem. @throws the error when it is no fault of an image
 */
export function leaveOut({ request, problems }: Extraction, row: number, error: unknown): void {
  if (!(error instanceof OverreadError) || !/^OVR(003|30\d)$/.test(error.code)) throw error;
  const { file } = request.images[row]!;
  problems.push({ ...error.toJSON(), place: { ...error.place, file }, severity: 'error' });
}

/** Says how many images are done with, with features or without. */
export function reportProgress({ request, rows, problems }: Extraction): void {
  request.onProgress?.({
    stage: 'features',
    done: rows.filled + problems.length,
    total: request.images.length,
  });
}
