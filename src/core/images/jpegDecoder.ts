/**
 * JPEG on the calling thread: libjpeg-turbo as WebAssembly, with the bits that sharp gives for the same file. It takes as much
 * of a processor as libvips does, whose own threads however kept 16 of ours to 910 images a second (docs/gpu.md). What it does
 * not take, or finds anything wrong with, is libvips's.
 */
import { compileWasm, openEmscripten, type EmscriptenFactory, type WasmModule } from '../dicom/wasm';
import { plainJpeg } from './jpegHeader';
import type { DecodedImage } from './model';

interface Decoder {
  /** Memory of the module for so many bytes. */
  getEncodedBuffer(length: number): Uint8Array;
  /** Throws for a mere warning too. */
  decode(): void;
  getDecodedBuffer(): Uint8Array;
  delete(): void;
}

interface Module {
  readonly JPEGDecoder: new () => Decoder;
}

/** Decoded bytes; the module's memory never shrinks, and every thread has one. */
const mostBytes = 16 * 2 ** 20;

/** Of one thread. */
export class JpegDecoder {
  /** A damaged file costs a new memory, not the compiler's work once more. */
  private compiled: Promise<WasmModule> | undefined;
  private opening: Promise<void> | undefined;
  private module: Module | undefined;

  /** To be awaited before `decode`. */
  async open(): Promise<void> {
    if (this.module) return;
    this.opening ??= this.load().then((module) => {
      this.module = module;
    });
    await this.opening;
  }

  /**
   * The image, or undefined: it is then to be decoded by libvips. Its pixels lie in memory of the decoder and are valid until
   * the next one: a copy of every image, given back and taken anew, has all threads wait for the system's memory.
   */
  decode(bytes: Uint8Array): DecodedImage | undefined {
    const header = plainJpeg(bytes);
    const { module } = this;
    if (!header || !module) return undefined;
    const { width, height, channels } = header;
    const length = width * height * channels;
    if (length > mostBytes) return undefined;
    try {
      const decoder = new module.JPEGDecoder();
      decoder.getEncodedBuffer(bytes.length).set(bytes);
      decoder.decode();
      const { buffer, byteOffset, byteLength } = decoder.getDecodedBuffer();
      // The memory is free, and stays as it is until something else is laid into it.
      decoder.delete();
      if (byteLength !== length) return undefined;
      return { width, height, channels, bits: 8, data: new Uint8Array(buffer, byteOffset, byteLength) };
    } catch {
      // Nobody knows what it left in its memory.
      this.module = undefined;
      this.opening = undefined;
      return undefined;
    }
  }

  private async load(): Promise<Module> {
    const compiled = await (this.compiled ??= compileWasm('libjpeg-turbo.wasm'));
    // @ts-expect-error -- the package brings no types
    const loaded = (await import('@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs')) as unknown;
    const { default: factory } = loaded as { readonly default: EmscriptenFactory<Module> };
    return openEmscripten(factory, compiled);
  }
}
