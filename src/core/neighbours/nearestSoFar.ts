/** The nearest of each image among those that it was held against so far. */
import { instantiateKernel } from '../images/kernels/instantiate';
import { aboveKernel } from './kernels/aboveKernel';

/** Images in a row. */
export interface Span {
  readonly start: number;
  readonly length: number;
}

const pageBytes = 2 ** 16;

/**
 * Of equals the one that came first stays, so blocks have to come in the order of their images: each with itself, then with those
 * behind it. A kernel in SIMD finds the few products that are above what an image has: looking at all of them one by one
 * took twice as long as computing them.
 */
export class NearestSoFar {
  /** Row-major images × count, the greatest first; -1 where there are fewer. */
  readonly index: Int32Array;
  readonly value: Float32Array;
  /** Where the products of two blocks are to be written, row-major, before they are taken in. */
  readonly products: Float32Array;
  /** What a product has to be above to be kept, of each image. */
  private readonly bounds: Float32Array;
  private readonly hits: Int32Array;
  private readonly above: (...args: readonly number[]) => number;

  /** @param mostProducts of two blocks @param longest images of a block */
  constructor(
    images: number,
    private readonly count: number,
    mostProducts: number,
    longest: number,
  ) {
    this.index = new Int32Array(images * count).fill(-1);
    this.value = new Float32Array(images * count).fill(-Infinity);
    const { exports, memory } = instantiateKernel(aboveKernel);
    memory.grow(Math.ceil((4 * (mostProducts + images + longest)) / pageBytes));
    this.above = exports['above'] as typeof this.above;
    this.products = new Float32Array(memory.buffer, 0, mostProducts);
    this.bounds = new Float32Array(memory.buffer, this.products.byteLength, images).fill(-Infinity);
    this.hits = new Int32Array(memory.buffer, this.products.byteLength + this.bounds.byteLength, longest);
  }

  /** Takes in `products`, a row for each image of `block`, for the images of both; no image is near itself. */
  take(block: Span, other: Span): void {
    const { products, bounds, hits } = this;
    const isOther = block.start !== other.start;
    const columns = bounds.byteOffset + 4 * other.start;
    for (let i = 0; i < block.length; i++) {
      const row = block.start + i;
      const line = i * other.length;
      const found = this.above(4 * line, columns, other.length, bounds[row]!, hits.byteOffset);
      for (let n = 0; n < found; n++) {
        const column = other.start + hits[n]!;
        const product = products[line + hits[n]!]!;
        if (isOther && product > bounds[column]!) this.keep(column, row, product);
        if (product > bounds[row]! && column !== row) this.keep(row, column, product);
      }
    }
  }

  private keep(image: number, other: number, product: number): void {
    const { index, value, count } = this;
    const first = image * count;
    let at = first + count - 1;
    while (at > first && value[at - 1]! < product) {
      value[at] = value[at - 1]!;
      index[at] = index[at - 1]!;
      at--;
    }
    value[at] = product;
    index[at] = other;
    this.bounds[image] = value[first + count - 1]!;
  }
}
