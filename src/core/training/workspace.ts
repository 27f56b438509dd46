/**
 * Arrays that every pass of a search fills anew. Made anew they would be megabytes a pass, for which the collector goes through
 * everything else each time: two fifths of the time of a fit of 690 × 1,280.
 */
export class Workspace {
  private readonly singles = new Map<string, Float32Array>();
  private readonly doubles = new Map<string, Float64Array>();

  /** The array of that name, with whatever it held; the one given before under this name is no longer to be read. */
  float32(name: string, length: number): Float32Array {
    return taken(this.singles, name, length, Float32Array);
  }

  /** The same in double precision. */
  float64(name: string, length: number): Float64Array {
    return taken(this.doubles, name, length, Float64Array);
  }
}

function taken<T extends Float32Array | Float64Array>(
  held: Map<string, T>,
  name: string,
  length: number,
  Kind: new (length: number) => T,
): T {
  let array = held.get(name);
  if (!array || array.length < length) {
    array = new Kind(length);
    held.set(name, array);
  }
  return array.subarray(0, length) as T;
}
