/**
 * A frame of a DICOM file with several, or a page of a TIFF file: `scan.dcm#12`, counted from 1 as DICOM does. It stands
 * wherever the path of an image stands; without it the representative or the middle frame is meant, and the only page.
 */
import { sha256 } from '../base/files';

export interface FrameReference {
  /** The path of the file. */
  readonly file: string;
  /** From 1; undefined where none is named. */
  readonly frame: number | undefined;
}

/** Names of TIFF files, and of DICOM files: .dcm, .dicom, or no ending at all (IM0001, 1.2.840.10008.7). */
const framedName = /\.(?:dcm|dicom|tiff?)$|(?:^|[/\\])(?:[^./\\]+|[\d.]+)$/i;

/** Parts the path of an image from the frame that it names. */
export function splitFrame(reference: string): FrameReference {
  const cut = reference.lastIndexOf('#');
  const whole = { file: reference, frame: undefined };
  if (cut < 1) return whole;
  const [file, number] = [reference.slice(0, cut), reference.slice(cut + 1)];
  // A name is 255 characters at most: a longer text need not be looked through.
  if (!/^[1-9]\d{0,8}$/.test(number) || !framedName.test(file.slice(-300))) return whole;
  return { file, frame: Number(number) };
}

/** The group of a frame: all frames of a file are one. `otherwise` where the path names no frame. */
export function frameGroup(reference: string, otherwise: string): string {
  const { file, frame } = splitFrame(reference);
  return frame === undefined ? otherwise : file;
}

/** `#12`, or nothing. */
export function frameSuffix({ frame }: FrameReference): string {
  return frame === undefined ? '' : `#${frame}`;
}

/** What tells an image's content: the hash of its file, and of the frame where one is named. */
export function hashImage(bytes: Uint8Array, reference: string): string {
  const hash = sha256(bytes);
  const { frame } = splitFrame(reference);
  return frame === undefined ? hash : sha256(`${hash}#${frame}`);
}
