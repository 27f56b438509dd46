/** What the page of a DICOM file may ask of the extension host. Types and the checked parser of its messages. */
import type { ErrorReport } from '../core/base/report';
import type { DetailPixels, DicomTags } from './engineApi';
import { RejectedRequest } from './gridRequests';

/** A file, or why it cannot be read. */
export type DicomView =
  | { readonly name: string; readonly file: DicomTags }
  | { readonly name: string; readonly fault: ErrorReport };

export interface DicomMethods {
  ready(): Promise<DicomView>;
  /** @param frame from 1; null: the one that the file shows first */
  pixels(frame: number | null): Promise<DetailPixels>;
  log(message: string): Promise<void>;
}

export interface DicomEvents {
  /** The file was written anew. */
  readonly changed: null;
}

const longestText = 2_000;

/** The methods to serve to the page, which names frames, never files. */
export function checkedDicomMethods(handlers: DicomMethods): DicomMethods {
  return {
    ready: async () => handlers.ready(),
    pixels: async (frame: unknown) => {
      const isFrame = typeof frame === 'number' && Number.isSafeInteger(frame) && frame >= 1;
      if (frame !== null && !isFrame) throw new RejectedRequest('no frame', 'a number from 1, or null');
      return handlers.pixels(frame);
    },
    log: async (message: unknown) => {
      if (typeof message !== 'string') throw new RejectedRequest('no usable message', 'text');
      return handlers.log(message.slice(0, longestText));
    },
  };
}
