/** Numbers and texts of a pickle, little-endian, each read checked against the end. */

/** A pickle that asks for more than tensors, or is damaged. The message says what was found. */
export class PickleRefused extends Error {}

/** No name or key of a state dict is longer, bytes. */
const maxTextBytes = 65_536;

export class PickleReader {
  private readonly view: DataView;

  constructor(
    private readonly bytes: Uint8Array,
    public position: number,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  uint8(): number {
    return this.view.getUint8(this.advance(1));
  }

  uint16(): number {
    return this.view.getUint16(this.advance(2), true);
  }

  uint32(): number {
    return this.view.getUint32(this.advance(4), true);
  }

  int32(): number {
    return this.view.getInt32(this.advance(4), true);
  }

  /** Big-endian: the one number in a pickle that is. */
  float64(): number {
    return this.view.getFloat64(this.advance(8), false);
  }

  /** A two's-complement integer of `length` bytes: a number where it is exact, else a bigint. */
  bigInteger(length: number): number | bigint {
    const start = this.advance(length);
    let value = 0n;
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(this.bytes[start + i]!);
    const signed = BigInt.asIntN(length * 8, value);
    const number = Number(signed);
    return Number.isSafeInteger(number) ? number : signed;
  }

  /** UTF-8 text; bytes that are none become U+FFFD. */
  text(length: number): string {
    return new TextDecoder('utf-8').decode(this.slice(length));
  }

  latin1(length: number): string {
    return new TextDecoder('latin1').decode(this.slice(length));
  }

  /** Text up to the next line feed, which is consumed. */
  line(): string {
    const end = this.bytes.indexOf(0x0a, this.position);
    if (end < 0) throw new PickleRefused('the pickle ends in a name');
    const text = this.text(end - this.position);
    this.position++;
    return text;
  }

  skip(length: number): void {
    this.advance(length);
  }

  private slice(length: number): Uint8Array {
    if (length > maxTextBytes) throw new PickleRefused(`the pickle has a text of ${length} bytes`);
    const start = this.advance(length);
    return this.bytes.subarray(start, start + length);
  }

  private advance(length: number): number {
    const start = this.position;
    if (start + length > this.bytes.byteLength) throw new PickleRefused('the pickle ends too early');
    this.position += length;
    return start;
  }
}
