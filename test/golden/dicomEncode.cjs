// Encodes raw samples for dicom.py in what pydicom cannot encode (lossless JPEG, HTJ2K), by the WebAssembly of dcmjs-codecs:
// JSON on standard input [{ codec, raw, width, height, allocated, stored, components, predictor }], answers in base64.
const fs = require('node:fs');

const functions = { jpeg: 'EncodeJpeg', htj2k: 'EncodeHtJpeg2000' };
const file = require.resolve('dcmjs-codecs/build/dcmjs-native-codecs.wasm');

async function open() {
  let memory;
  const none = () => 0;
  const { instance } = await WebAssembly.instantiate(fs.readFileSync(file), {
    env: {
      emscripten_notify_memory_growth: none,
      onCodecsInfo: none,
      onCodecsTrace: none,
      onCodecsException: (at, length) => {
        throw new Error(Buffer.from(memory.buffer, at, length).toString('latin1'));
      },
    },
    wasi_snapshot_preview1: {
      proc_exit: none,
      clock_time_get: none,
      environ_get: none,
      environ_sizes_get: (count, size) => {
        const view = new DataView(memory.buffer);
        view.setUint32(count, 0, true);
        view.setUint32(size, 0, true);
        return 0;
      },
      fd_close: none,
      fd_seek: none,
      fd_write: none,
    },
  });
  memory = instance.exports.memory;
  instance.exports._initialize();
  return instance.exports;
}

function encode(wasm, task) {
  const raw = Buffer.from(task.raw, 'base64');
  const context = wasm.CreateCodecsContext();
  wasm.SetColumns(context, task.width);
  wasm.SetRows(context, task.height);
  wasm.SetBitsAllocated(context, task.allocated);
  wasm.SetBitsStored(context, task.stored);
  wasm.SetSamplesPerPixel(context, task.components);
  wasm.SetPixelRepresentation(context, 0);
  wasm.SetPlanarConfiguration(context, 0);
  wasm.SetPhotometricInterpretation(context, task.components === 3 ? 3 : 1);
  wasm.SetDecodedBufferSize(context, raw.length);
  new Uint8Array(wasm.memory.buffer).set(raw, wasm.GetDecodedBuffer(context));
  const parameters = wasm.CreateEncoderParameters();
  wasm.SetLossy(parameters, task.lossy ? 1 : 0);
  wasm.SetRate(parameters, 10);
  wasm.SetQuality(parameters, 90);
  wasm.SetPredictor(parameters, task.predictor ?? 1);
  wasm.SetPointTransform(parameters, 0);
  wasm.SetProgressionOrder(parameters, task.progression ?? 0);
  wasm.SetAllowMct(parameters, 1);
  wasm[functions[task.codec]](context, parameters);
  const start = wasm.GetEncodedBuffer(context);
  const length = wasm.GetEncodedBufferSize(context);
  return Buffer.from(new Uint8Array(wasm.memory.buffer, start, length)).toString('base64');
}

open().then((wasm) => {
  const tasks = JSON.parse(fs.readFileSync(0, 'utf8'));
  process.stdout.write(JSON.stringify(tasks.map((task) => encode(wasm, task))));
});
