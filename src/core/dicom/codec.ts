/** The decoders of compressed frames that are no native code: what they are given and what they give. Types only. */

export type CodecName = 'jpeg' | 'jpeg-ls' | 'jpeg-2000' | 'htj2k';

export interface CodecTask {
  readonly codec: CodecName;
  readonly bytes: Uint8Array;
  /** What the frame is to have by its header. */
  readonly width: number;
  readonly height: number;
  readonly components: 1 | 3;
  /** Of each sample: of the codestream where it is known beforehand. */
  readonly bits: number;
}

export interface DecodedCodestream {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  readonly bits: number;
  readonly signed: boolean;
  /** Whether the components lie one after the other. */
  readonly byPlane: boolean;
  /** Little-endian samples of 1 byte up to 8 bits, else 2 (4 above 16). */
  readonly data: Uint8Array<ArrayBuffer>;
}
