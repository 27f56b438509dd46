/**
 * WebAssembly of the codecs: its files, beside the program where it is built, in node_modules where it is not; and the
 * types, which TypeScript has with the DOM only.
 */
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';

export interface WasmModule {
  readonly kind?: 'compiled';
}

export interface WasmInstance {
  readonly exports: Readonly<Record<string, unknown>>;
}

export type WasmImports = Record<string, Record<string, unknown>>;

interface WasmApi {
  compile(bytes: Uint8Array): Promise<WasmModule>;
  instantiate(module: WasmModule, imports: WasmImports): Promise<WasmInstance>;
}

const api = (globalThis as unknown as { readonly WebAssembly: WasmApi }).WebAssembly;

/** Where each comes from; the build lays them beside the programs under their names (scripts/build.mjs). */
const packages = {
  'charls.wasm': '@cornerstonejs/codec-charls/decodewasm',
  'openjpeg.wasm': '@cornerstonejs/codec-openjpeg/decodewasm',
  'openjph.wasm': '@cornerstonejs/codec-openjph/wasm',
  'libjpeg-turbo.wasm': '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasm',
  'dcmjs.wasm': 'dcmjs-codecs/build/dcmjs-native-codecs.wasm',
} as const;

export type WasmFile = keyof typeof packages;

/** Compiles a module. @throws where its file is missing: a defect of the installation */
export async function compileWasm(name: WasmFile): Promise<WasmModule> {
  const built = path.join(__dirname, name);
  const file = fs.existsSync(built) ? built : createRequire(import.meta.url).resolve(packages[name]);
  return api.compile(await fs.promises.readFile(file));
}

/** An instance with a memory of its own. */
export function instantiateWasm(module: WasmModule, imports: WasmImports): Promise<WasmInstance> {
  return api.instantiate(module, imports);
}

/** What opens a module that Emscripten made. */
export type EmscriptenFactory<M> = (options: {
  readonly print: (text: string) => void;
  readonly printErr: (text: string) => void;
  readonly instantiateWasm: (imports: WasmImports, done: (instance: WasmInstance) => void) => object;
}) => Promise<M>;

/** Opens one with a memory of its own, from what is compiled already. It prints nothing. */
export function openEmscripten<M>(factory: EmscriptenFactory<M>, compiled: WasmModule): Promise<M> {
  return factory({
    print: () => undefined,
    printErr: () => undefined,
    instantiateWasm: (imports, done) => {
      void instantiateWasm(compiled, imports).then(done);
      return {};
    },
  });
}
