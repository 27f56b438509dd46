/** Kernels of WebAssembly on this thread. TypeScript has the types with the DOM only. */
export interface KernelMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

interface WasmApi {
  readonly Memory: new (size: { initial: number }) => KernelMemory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: { env: { memory: KernelMemory } },
  ) => { readonly exports: Readonly<Record<string, unknown>> };
}

/** @param base64 as scripts/kernels.mjs made it @returns its functions, and the memory that they work on */
export function instantiateKernel(base64: string): {
  readonly exports: Readonly<Record<string, unknown>>;
  readonly memory: KernelMemory;
} {
  const { Memory, Module, Instance } = (globalThis as unknown as { readonly WebAssembly: WasmApi })
    .WebAssembly;
  const memory = new Memory({ initial: 1 });
  const { exports } = new Instance(new Module(Buffer.from(base64, 'base64')), { env: { memory } });
  return { exports, memory };
}
