/** What passes between the thread that computes features and those that prepare images for it. Types only. */
import type { Failure } from '../inference/inferenceMessages';
import type { FileStamp } from '../images/contentHashes';
import type { Preprocessing } from '../images/model';
import type { PreparedImage } from './preparer';

/** What a thread is started with. */
export interface PreparationTask {
  readonly preprocessing: Preprocessing;
  /** The process's accounts of bytes (images/memory.ts). */
  readonly accounts: { readonly files: SharedArrayBuffer; readonly decoded: SharedArrayBuffer };
}

export type ToPreparation =
  | { readonly kind: 'prepare'; readonly id: number; readonly file: string }
  /** The answer to a hash. */
  | { readonly kind: 'answer'; readonly id: number; readonly wanted: boolean }
  | { readonly kind: 'close' };

export type FromPreparation =
  | {
      readonly kind: 'hash';
      readonly id: number;
      readonly hash: string;
      readonly stamp: FileStamp | null;
    }
  | { readonly kind: 'prepared'; readonly id: number; readonly image: PreparedImage | undefined }
  | { readonly kind: 'failed'; readonly id: number; readonly failure: Failure };
