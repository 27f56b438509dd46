/** Pixels of the images around the one on show, so that the next one is there before it is asked for. */
import type { DetailPixels } from '../../../src/protocol/engineApi';

export type FetchPixels = (sample: string) => Promise<DetailPixels>;

/** An image of 3000 × 3000 at 16 bit is 18 MB. */
const mostBytes = 160 * 1024 * 1024;

export class PixelCache {
  private readonly held = new Map<string, DetailPixels>();
  private readonly inFlight = new Map<string, Promise<DetailPixels>>();

  constructor(private readonly fetch: FetchPixels) {}

  /** Pixels that are here. */
  peek(sample: string): DetailPixels | undefined {
    return this.held.get(sample);
  }

  /** One request per sample, however often it is asked. Rejects with the host's error, which is not kept. */
  get(sample: string): Promise<DetailPixels> {
    const held = this.held.get(sample);
    if (held) {
      this.keep(sample, held);
      return Promise.resolve(held);
    }
    let request = this.inFlight.get(sample);
    if (!request) {
      request = this.load(sample);
      this.inFlight.set(sample, request);
    }
    return request;
  }

  clear(): void {
    this.held.clear();
  }

  private async load(sample: string): Promise<DetailPixels> {
    try {
      const pixels = await this.fetch(sample);
      this.keep(sample, pixels);
      return pixels;
    } finally {
      this.inFlight.delete(sample);
    }
  }

  /** The last used is last in the map; the first go when there is too much. */
  private keep(sample: string, pixels: DetailPixels): void {
    this.held.delete(sample);
    this.held.set(sample, pixels);
    let bytes = 0;
    for (const { data } of this.held.values()) bytes += data.byteLength;
    for (const [old, { data }] of this.held) {
      if (bytes <= mostBytes || old === sample) break;
      bytes -= data.byteLength;
      this.held.delete(old);
    }
  }
}
