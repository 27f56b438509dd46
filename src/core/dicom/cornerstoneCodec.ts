/** JPEG-LS, JPEG 2000 and HTJ2K by CharLS, OpenJPEG and OpenJPH, as the Cornerstone codecs bring them. */
import type { CodecTask, DecodedCodestream } from './codec';
import { undecodable } from './fault';
import { compileWasm, openEmscripten, type WasmFile, type EmscriptenFactory, type WasmModule } from './wasm';

/** The parts of the codecs that are used: the packages bring no types. */
interface CodecModule {
  readonly J2KDecoder?: new () => CodecDecoder;
  readonly JpegLSDecoder?: new () => CodecDecoder;
  readonly HTJ2KDecoder?: new () => CodecDecoder;
}

interface CodecDecoder {
  /** Memory of the module for so many bytes. */
  getEncodedBuffer(length: number): Uint8Array;
  decode(): void;
  getDecodedBuffer(): Uint8Array | Uint8ClampedArray;
  getFrameInfo(): {
    readonly width: number;
    readonly height: number;
    readonly bitsPerSample: number;
    readonly componentCount: number;
    readonly isSigned?: boolean;
  };
  /** JPEG-LS: 0 by plane, 1 by line, 2 by sample. */
  getInterleaveMode?(): number;
  delete(): void;
}

export type CornerstoneName = 'jpeg-ls' | 'jpeg-2000' | 'htj2k';

const sources: Readonly<
  Record<CornerstoneName, { readonly wasm: WasmFile; readonly load: () => Promise<unknown> }>
> = {
  'jpeg-ls': {
    wasm: 'charls.wasm',
    // @ts-expect-error -- the package brings no types
    load: () => import('@cornerstonejs/codec-charls/decodewasmjs'),
  },
  'jpeg-2000': {
    wasm: 'openjpeg.wasm',
    // @ts-expect-error -- the package brings no types
    load: () => import('@cornerstonejs/codec-openjpeg/decodewasmjs'),
  },
  htj2k: {
    wasm: 'openjph.wasm',
    // @ts-expect-error -- the package brings no types
    load: () => import('@cornerstonejs/codec-openjph/wasmjs'),
  },
};

/** A codec whose memory is its own; one that failed is thrown away, since nobody knows what it left in its memory. */
export class CornerstoneCodec {
  private compiled: Promise<WasmModule> | undefined;
  private module: Promise<CodecModule> | undefined;

  constructor(private readonly name: CornerstoneName) {}

  /** @throws DicomFault where the codestream cannot be decoded */
  async decode(task: CodecTask): Promise<DecodedCodestream> {
    const module = await (this.module ??= this.open());
    try {
      return decodeWith(module, task);
    } catch (error) {
      this.module = undefined;
      throw error;
    }
  }

  private async open(): Promise<CodecModule> {
    const { wasm, load } = sources[this.name];
    const compiled = await (this.compiled ??= compileWasm(wasm));
    const { default: factory } = (await load()) as { readonly default: EmscriptenFactory<CodecModule> };
    return openEmscripten(factory, compiled);
  }
}

function decodeWith(module: CodecModule, task: CodecTask): DecodedCodestream {
  const Decoder = module.JpegLSDecoder ?? module.J2KDecoder ?? module.HTJ2KDecoder;
  if (!Decoder) throw new Error(`The ${task.codec} module has no decoder`);
  try {
    const decoder = new Decoder();
    decoder.getEncodedBuffer(task.bytes.length).set(task.bytes);
    decoder.decode();
    const { width, height, bitsPerSample, componentCount, isSigned } = decoder.getFrameInfo();
    const byPlane = componentCount > 1 && decoder.getInterleaveMode?.() === 0;
    const { buffer, byteOffset, byteLength } = decoder.getDecodedBuffer();
    const data = new Uint8Array(buffer, byteOffset, byteLength).slice();
    decoder.delete();
    if (width === 0 || height === 0) throw new Error('there is no picture in it');
    return {
      width,
      height,
      components: componentCount,
      bits: bitsPerSample,
      signed: isSigned === true,
      byPlane,
      data,
    };
  } catch (error) {
    // What the C++ of the module throws is a number or an object of its own.
    throw undecodable(`its ${task.codec} codestream is corrupt`, error);
  }
}
