/**
 * Arrays that every pass of a search fills anew. Made anew they would be megabytes a pass, for which the collector goes through
 * everything else each time: a third of the time of a fit of 690 × 1,280.
 */
export class Workspace {
  private readonly held = new Map<string, Float32Array>();
  private readonly doubles = new Map<string, Float64Array>();

  /** The array of that name, with whatever it held; the one given before under this name is no longer to be read. */
  float32(name: string, length: number): Float32Array {
    const held = this.held.get(name);
    if (held && held.length >= length) return held.subarray(0, length);
    const fresh = new Float32Array(length);
    this.held.set(name, fresh);
    return fresh;
  }

  /** The same in double precision. */
  float64(name: string, length: number): Float64Array {
    const held = this.doubles.get(name);
    if (held && held.length >= length) return held.subarray(0, length);
    const fresh = new Float64Array(length);
    this.doubles.set(name, fresh);
    return fresh;
  }
}
