/** Why a DICOM file gives no picture. Whoever knows the file's name makes an OverreadError of it. */

export class DicomFault extends Error {
  /**
   * @param kind `undecodable`: the file should have given a picture; `no picture`: it is none by what it says of itself
   * @param message what it is, as the rest of a sentence: "its pixel data ends after 3 of 8 bytes"
   */
  constructor(
    readonly kind: 'undecodable' | 'no picture',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The file is damaged or not supported. */
export function undecodable(message: string, cause?: unknown): DicomFault {
  return new DicomFault('undecodable', message, cause === undefined ? undefined : { cause });
}
