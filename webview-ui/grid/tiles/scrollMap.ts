/**
 * Scrolling further than a browser can: Chromium caps an element at about 33.5 million px and loses sub-pixel
 * precision long before, but 1.5 million tiles need 60 million. Up to `tallest` the mapping is the identity.
 * Above, small moves (wheel, keys) are 1:1 and jumps (scrollbar) are proportional, so that every row can be
 * reached by the scrollbar and the wheel feels the same; `settle` later puts the thumb back to its true place.
 */
export class ScrollMap {
  /** px; half a pixel is exact in single precision up to here. */
  static readonly tallest = 4_000_000;
  private physical = 0;
  private virtual = 0;

  /** @param contentHeight px of all rows @param viewport px that are visible */
  constructor(
    readonly contentHeight: number,
    readonly viewport: number,
  ) {}

  /** px of the element that carries the scrollbar. */
  get spacerHeight(): number {
    return Math.min(this.contentHeight, ScrollMap.tallest);
  }

  /** First visible px of the content. */
  get top(): number {
    return this.virtual;
  }

  /** Add to a content y to get its y inside the spacer. */
  get offset(): number {
    return this.physical - this.virtual;
  }

  private get lastTop(): number {
    return Math.max(0, this.contentHeight - this.viewport);
  }

  private get ratio(): number {
    return this.lastTop / Math.max(1, this.spacerHeight - this.viewport);
  }

  private get scaled(): boolean {
    return this.contentHeight > ScrollMap.tallest;
  }

  /** The browser scrolled to `physical`. */
  scrolled(physical: number): void {
    const moved = physical - this.physical;
    const step = Math.abs(moved) <= 2 * this.viewport;
    const to = !this.scaled ? physical : step ? this.virtual + moved : physical * this.ratio;
    this.physical = physical;
    this.virtual = clamp(to, this.lastTop);
  }

  /** Goes to a place of the content. @returns the scrollTop to set */
  goTo(top: number): number {
    this.virtual = clamp(top, this.lastTop);
    this.physical = this.scaled ? Math.round(this.virtual / this.ratio) : this.virtual;
    return this.physical;
  }

  /** True when the wheel would soon hit the end of the scrollbar though there is more content. */
  get cornered(): boolean {
    if (!this.scaled) return false;
    const above = this.physical < this.viewport && this.virtual > this.physical;
    const below = this.spacerHeight - this.viewport - this.physical;
    return above || (below < this.viewport && this.lastTop - this.virtual > below);
  }

  /** After scrolling: the scrollTop at which the thumb tells the truth; the content does not move. */
  settle(): number {
    return this.goTo(this.virtual);
  }
}

function clamp(value: number, most: number): number {
  return Math.min(Math.max(value, 0), most);
}
