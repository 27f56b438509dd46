/** Which devices are worth a try on this machine, before a native library is asked to open them. */
import * as fs from 'node:fs/promises';
import { loadCudaLibraries } from './cudaRuntime';
import type { Device } from './model';

export type ConcreteDevice = Exclude<Device, 'auto'>;

/** Every device, the best first, as `auto` tries them. */
const ranked: Readonly<Record<string, readonly ConcreteDevice[]>> = {
  linux: ['cuda', 'webgpu', 'cpu'],
  win32: ['cuda', 'dml', 'webgpu', 'cpu'],
  // CoreML computes in half precision on the Neural Engine, so figures would differ: on request only.
  darwin: ['webgpu', 'cpu'],
};

/** The devices that `auto` tries on this platform, the best first; the CPU is always the last. */
export function autoOrder(platform: NodeJS.Platform): readonly ConcreteDevice[] {
  return ranked[platform] ?? ['cpu'];
}

/**
 * The devices that are worth a try here, in the order of `auto`; behind them what is here by a named driver alone, since it may be software.
 */
export async function autoCandidates(platform: NodeJS.Platform): Promise<readonly ConcreteDevice[]> {
  const order = autoOrder(platform);
  const missing = await Promise.all(order.map((device) => missingHardware(device, platform)));
  const own = order.filter((_, i) => missing[i] === null);
  const named = order.filter((device) => isNamed(device, platform) && !own.includes(device));
  return [...own, ...named];
}

/** What tells one graphics card from another, and its driver: what was measured on one says nothing of another. Linux only; else empty. */
export async function graphicsCards(): Promise<readonly string[]> {
  const [nvidia, drm] = ['/proc/driver/nvidia', '/sys/class/drm'];
  const list = (folder: string): Promise<string[]> => fs.readdir(folder).catch(() => []);
  const read = (file: string): Promise<string> => fs.readFile(file, 'utf8').catch(() => '');
  const cards = (await list(drm)).filter((name) => /^card\d+$/.test(name)).sort();
  const boards = (await list(`${nvidia}/gpus`)).sort();
  const found = await Promise.all([
    ...cards.flatMap((card) => ['vendor', 'device'].map((id) => read(`${drm}/${card}/device/${id}`))),
    ...boards.map(
      async (board) => /^Model:.*$/m.exec(await read(`${nvidia}/gpus/${board}/information`))?.[0] ?? '',
    ),
    read(`${nvidia}/version`),
  ]);
  return [...found.map((text) => text.trim()), ...namedDrivers()].filter((text) => text !== '');
}

/** Whether somebody named a driver for the device: one in software needs no device file. */
export function isNamed(device: ConcreteDevice, platform: NodeJS.Platform): boolean {
  return device === 'webgpu' && platform === 'linux' && namedDrivers().length > 0;
}

/** Vulkan's own variables. */
function namedDrivers(): string[] {
  const { VK_DRIVER_FILES, VK_ICD_FILENAMES } = process.env;
  return [VK_DRIVER_FILES ?? '', VK_ICD_FILENAMES ?? ''].filter((text) => text !== '');
}

/**
 * Why a device cannot open, as far as files tell; null when it is worth a try: what ONNX Runtime would look for in vain
 * it reports on the terminal in red. CUDA's libraries are then loaded.
 */
export async function missingHardware(
  device: ConcreteDevice,
  platform: NodeJS.Platform,
): Promise<string | null> {
  if (device === 'cuda' && platform === 'linux') {
    const found = (await present('/dev/nvidiactl')) || (await present('/dev/dxg'));
    return found ? loadCudaLibraries(process.env) : 'no NVIDIA driver';
  }
  if (device === 'cuda' && platform === 'win32') {
    const found = await present('C:\\Windows\\System32\\nvcuda.dll');
    return found ? null : 'no NVIDIA driver';
  }
  if (device === 'webgpu' && platform === 'linux') {
    const found = (await present('/dev/dri/renderD128')) || (await present('/dev/nvidiactl'));
    return found ? null : 'no graphics device';
  }
  return null;
}

/** What to do when a device that was asked for does not open. */
export function deviceFix(device: ConcreteDevice): string {
  switch (device) {
    case 'cuda':
      return 'overread setup-cuda adds what ONNX Runtime needs beside the NVIDIA driver (Linux); or use --device cpu';
    case 'webgpu':
      return 'Install a graphics driver (Vulkan on Linux), or use --device cpu';
    case 'dml':
      return 'DirectML exists on Windows with a DirectX 12 device; use --device auto or --device cpu elsewhere';
    case 'coreml':
      return 'CoreML exists on macOS; use --device auto or --device cpu elsewhere';
    case 'cpu':
      return 'Reinstall Overread for this platform: its ONNX Runtime does not start';
    default:
      return device satisfies never;
  }
}

async function present(file: string): Promise<boolean> {
  return fs.access(file).then(
    () => true,
    () => false,
  );
}
