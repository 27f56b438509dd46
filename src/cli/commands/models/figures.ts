/** Figures of networks and files as people read them. */
import type { PublishedFile } from '../../../core/weights/publishedFile';

/** `8.0 M`, `9.5 k` */
export function numberOfParameters(count: number): string {
  return count < 1e5 ? `${(count / 1e3).toFixed(1)} k` : `${(count / 1e6).toFixed(1)} M`;
}

/** 10⁹ multiply-accumulate operations, three digits where they say something. */
export function gigas(gmacs: number): string {
  return gmacs >= 10 ? gmacs.toFixed(1) : gmacs.toFixed(2);
}

/** `31 MB`; megabytes of a million bytes, as download sizes are given. */
export function megabytes(bytes: number): string {
  return `${bytes >= 1e7 ? Math.round(bytes / 1e6) : (bytes / 1e6).toFixed(1)} MB`;
}

/** What is known of a file's SHA-256 before it is there. */
export function knownHash({ sha256, sha256Start }: PublishedFile): string {
  if (sha256 !== null) return sha256;
  return sha256Start === null ? 'not known beforehand; pinned on first use' : `begins with ${sha256Start}`;
}
