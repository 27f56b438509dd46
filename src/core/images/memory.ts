/**
 * How much memory images may take at once. Six files of a megabyte and a half can decode to nine thousand: what is
 * limited is bytes, not files. The account is the process's, because the memory is; threads that decode join it.
 */
import { OverreadError } from '../base/errors';

/** The lib of TypeScript's ES2023 has no waitAsync; Node has it since version 16. */
interface AtomicsWait {
  waitAsync(
    account: Int32Array,
    index: number,
    value: number,
  ): { readonly async: false } | { readonly async: true; readonly value: Promise<string> };
}

/**
 * Lets work go on while what it holds together stays below a limit; the rest waits in its order. Threads may have one account
 * (`account`, `join`): the limit is then that of all of them, and the order each thread's own.
 */
export class ByteBudget {
  private shared: Int32Array<SharedArrayBuffer> = new Int32Array(new SharedArrayBuffer(4));
  private readonly waiting: { readonly bytes: number; readonly start: () => void }[] = [];
  private listening = false;

  /** @param total bytes; 32 bit count them */
  constructor(readonly total: number) {}

  /** What another thread's budget joins. */
  get account(): SharedArrayBuffer {
    return this.shared.buffer;
  }

  /** Counts on another thread's account from now on; nothing may be held yet. */
  join(account: SharedArrayBuffer): void {
    this.shared = new Int32Array(account);
  }

  /** Runs `work`, which holds so many bytes until it ends. What is more than the total runs alone. */
  async hold<T>(bytes: number, work: () => Promise<T>): Promise<T> {
    if (this.waiting.length > 0 || !this.take(bytes)) {
      await new Promise<void>((start) => {
        this.waiting.push({ bytes, start });
        void this.listen();
      });
    }
    try {
      return await work();
    } finally {
      Atomics.sub(this.shared, 0, bytes);
      Atomics.notify(this.shared, 0);
      this.startNext();
    }
  }

  /** @returns whether the bytes are now held */
  private take(bytes: number): boolean {
    for (;;) {
      const held = Atomics.load(this.shared, 0);
      if (held !== 0 && held + bytes > this.total) return false;
      if (Atomics.compareExchange(this.shared, 0, held, held + bytes) === held) return true;
    }
  }

  private startNext(): void {
    for (let next = this.waiting[0]; next && this.take(next.bytes); next = this.waiting[0]) {
      this.waiting.shift();
      next.start();
    }
  }

  /** While somebody waits here, hears when another thread gives something back. */
  private async listen(): Promise<void> {
    if (this.listening) return;
    this.listening = true;
    while (this.waiting.length > 0) {
      const held = Atomics.load(this.shared, 0);
      this.startNext();
      if (this.waiting.length === 0) break;
      const wait = (Atomics as unknown as AtomicsWait).waitAsync(this.shared, 0, held);
      if (wait.async) await wait.value;
    }
    this.listening = false;
  }
}

const mebibyte = 2 ** 20;

/** The most that one decoded image takes, with what is derived from it, bytes. */
export const maxDecodedBytes = 1280 * mebibyte;

/** The most that several take together: a process with two of half a gigabyte, beside the networks of another, is two gigabytes. */
const maxTogether = 1024 * mebibyte;

/** The most that the files of images take together, bytes; and one file alone. */
export const maxFileBytes = 512 * mebibyte;

/** Files are taken before what is decoded from them, never after: who holds the second waits for nobody. */
export const fileMemory = new ByteBudget(maxFileBytes);
export const decodedMemory = new ByteBudget(maxTogether);

/** What the header of an image tells of its size. */
export interface DecodedSize {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly bytesPerSample: number;
}

/** A copy of other depth, or of one channel, lies beside the decoded image: half as much again. */
const derived = 1.5;

/** Bytes of a decoded image with what is derived from it. */
export function bytesWhenDecoded({ width, height, channels, bytesPerSample }: DecodedSize): number {
  return Math.ceil(width * height * channels * bytesPerSample * derived);
}

/** OVR302 for an image that would take more memory than all may together. */
export function refuseLarge(file: string, size: DecodedSize): void {
  const bytes = bytesWhenDecoded(size);
  if (bytes <= maxDecodedBytes) return;
  const { width, height, channels, bytesPerSample } = size;
  const megabytes = (count: number): string => `${Math.round(count / 1e6)} MB`;
  throw new OverreadError({
    code: 'OVR302',
    message:
      `The image takes ${megabytes(bytes)} of memory when decoded ` +
      `(${width} × ${height} pixels, ${channels} channels of ${8 * bytesPerSample} bit)`,
    place: { file },
    expected: `at most ${megabytes(maxDecodedBytes)}`,
    fix: 'Store a smaller copy, or take the row out of the table',
  });
}
