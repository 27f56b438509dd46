/**
 * JPEG of 12 bits (extended sequential DCT) and lossless JPEG, by the Independent JPEG Group's code as DCMTK has it: the
 * WebAssembly of dcmjs-codecs, called through the C interface that it exports.
 */
import type { CodecTask, DecodedCodestream } from './codec';
import { undecodable } from './fault';
import { compileWasm, instantiateWasm, type WasmModule } from './wasm';

type Setter = (context: number, value: number) => void;
type Getter = (context: number) => number;

interface DcmjsExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly _initialize: () => void;
  readonly CreateCodecsContext: () => number;
  readonly ReleaseCodecsContext: (context: number) => void;
  readonly CreateDecoderParameters: () => number;
  readonly ReleaseDecoderParameters: (parameters: number) => void;
  readonly SetConvertColorspaceToRgb: Setter;
  readonly SetColumns: Setter;
  readonly SetRows: Setter;
  readonly SetBitsAllocated: Setter;
  readonly SetBitsStored: Setter;
  readonly SetSamplesPerPixel: Setter;
  readonly SetPixelRepresentation: Setter;
  readonly SetPlanarConfiguration: Setter;
  readonly SetPhotometricInterpretation: Setter;
  readonly SetEncodedBufferSize: Setter;
  readonly GetEncodedBuffer: Getter;
  readonly GetDecodedBuffer: Getter;
  readonly GetDecodedBufferSize: Getter;
  readonly GetPlanarConfiguration: Getter;
  readonly DecodeJpeg: (context: number, parameters: number) => void;
}

/** Photometric interpretations by the numbers that the module gives them. */
const monochrome2 = 1;
const rgb = 3;

/** Holds an instance; one that failed is thrown away. */
export class DcmjsCodec {
  private compiled: Promise<WasmModule> | undefined;
  private instance: Promise<DcmjsExports> | undefined;

  /** @throws DicomFault where the codestream cannot be decoded */
  async decode(task: CodecTask): Promise<DecodedCodestream> {
    const exports = await (this.instance ??= this.open());
    try {
      return decodeWith(exports, task);
    } catch (error) {
      this.instance = undefined;
      throw undecodable(`its JPEG is corrupt (${reasonOf(error)})`, error);
    }
  }

  private async open(): Promise<DcmjsExports> {
    const compiled = await (this.compiled ??= compileWasm('dcmjs.wasm'));
    return instantiate(compiled);
  }
}

async function instantiate(compiled: WasmModule): Promise<DcmjsExports> {
  const memory: { of?: DcmjsExports['memory'] } = {};
  const view = () => new DataView(memory.of?.buffer ?? new ArrayBuffer(0));
  const none = () => 0;
  const instance = await instantiateWasm(compiled, {
    env: {
      emscripten_notify_memory_growth: none,
      onCodecsInfo: none,
      onCodecsTrace: none,
      onCodecsException: (text: number, length: number) => {
        throw new Error(Buffer.from(view().buffer, text, length).toString('latin1'));
      },
    },
    // Nothing of the system: no environment, no files, no clock; what it prints is dropped.
    wasi_snapshot_preview1: {
      proc_exit: (code: number) => {
        throw new Error(`exit ${code}`);
      },
      clock_time_get: none,
      environ_get: none,
      environ_sizes_get: (count: number, size: number) => {
        view().setUint32(count, 0, true);
        view().setUint32(size, 0, true);
        return 0;
      },
      fd_close: none,
      fd_seek: none,
      fd_write: (_file: number, vectors: number, count: number, written: number) => {
        let sum = 0;
        for (let i = 0; i < count; i++) sum += view().getUint32(vectors + 8 * i + 4, true);
        view().setUint32(written, sum, true);
        return 0;
      },
    },
  });
  const exports = instance.exports as unknown as DcmjsExports;
  memory.of = exports.memory;
  exports._initialize();
  return exports;
}

function decodeWith(wasm: DcmjsExports, task: CodecTask): DecodedCodestream {
  const bytesPerSample = task.bits > 8 ? 2 : 1;
  const context = wasm.CreateCodecsContext();
  wasm.SetColumns(context, task.width);
  wasm.SetRows(context, task.height);
  wasm.SetBitsAllocated(context, 8 * bytesPerSample);
  wasm.SetBitsStored(context, task.bits);
  wasm.SetSamplesPerPixel(context, task.components);
  wasm.SetPixelRepresentation(context, 0);
  wasm.SetPlanarConfiguration(context, 0);
  // No conversion of colours: what they are is for the caller to say.
  wasm.SetPhotometricInterpretation(context, task.components === 1 ? monochrome2 : rgb);
  wasm.SetEncodedBufferSize(context, task.bytes.length);
  new Uint8Array(wasm.memory.buffer).set(task.bytes, wasm.GetEncodedBuffer(context));
  const parameters = wasm.CreateDecoderParameters();
  wasm.SetConvertColorspaceToRgb(parameters, 0);
  wasm.DecodeJpeg(context, parameters);
  const start = wasm.GetDecodedBuffer(context);
  const data = new Uint8Array(wasm.memory.buffer, start, wasm.GetDecodedBufferSize(context)).slice();
  const byPlane = task.components > 1 && wasm.GetPlanarConfiguration(context) === 1;
  wasm.ReleaseDecoderParameters(parameters);
  wasm.ReleaseCodecsContext(context);
  const { width, height, components, bits } = task;
  return { width, height, components, bits, signed: false, byPlane, data };
}

/** "DecodeJpeg::Corrupt JPEG data" without the name of the function. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/^\w+::/, '').slice(0, 200);
}
