/** Brings what is shown of the focused item: its details, and in Read mode its pixels and those of its neighbours ahead. */
import type { ItemDetail, ItemKey, ReviewItem } from '../../../src/protocol/engineApi';
import { keyOfFinding } from '../../../src/protocol/itemKeys';
import { fill } from '../../texts';
import { actingFinding } from '../findings/acting';
import type { Formatter } from '../format';
import { faultOf, type GridRpc } from '../host';
import type { GridState } from '../state/model';
import type { Store } from '../state/store';
import type { ItemBlocks } from '../tiles/itemBlocks';
import type { Pictures } from '../tiles/pictures';
import { measurePainted } from '../timing';
import type { ImageView } from '../../viewer/imageView';
import { PixelCache } from './pixelCache';

/** ms that an image must stay before its neighbours are fetched: a held arrow key loads only where it stops. */
const restFor = 30;

export class DetailLoader {
  /** The item on show. */
  item: ReviewItem | undefined;
  /** Its details, once they are here. */
  detail: ItemDetail | undefined;
  /** All findings of the image are here. */
  onFindings: () => void = () => undefined;
  /** The details are here. */
  onDetail: () => void = () => undefined;
  private readonly pixels: PixelCache;
  private view: ImageView | undefined;
  private loadTimer = 0;
  private busy = false;
  private shownSample: string | undefined;
  /** The item whose details are here or on their way. */
  private detailOf: ReviewItem | undefined;
  private began = 0;
  /** A finding of which nothing is known yet. */
  private unknown: ReviewItem | undefined;

  constructor(
    private readonly store: Store,
    private readonly rpc: Pick<GridRpc, 'call'>,
    private readonly items: ItemBlocks,
    private readonly pictures: Pictures,
    private readonly formatter: Formatter,
  ) {
    this.pixels = new PixelCache((sample) => rpc.call('pixels', sample));
  }

  /** The image on show with its findings in doubt, and all that are known; undefined where an image has one. */
  get image(): { readonly image: ReviewItem; readonly findings: readonly ReviewItem[] } | undefined {
    const image = this.items.at(this.state.focus.index);
    return image?.findings ? { image, findings: this.items.findingsOf(image) } : undefined;
  }

  get state(): GridState {
    return this.store.state;
  }

  /** The item on show, and those that a key may lead to next. */
  get neighbours(): readonly (ReviewItem | undefined)[] {
    const { index } = this.state.focus;
    return [this.item, ...[index + 1, index - 1, index + 2].map((at) => this.items.at(at))];
  }

  attach(view: ImageView): void {
    this.view = view;
  }

  /** Turns to the focused item. The texts that are known are shown at once, the rest when it comes. */
  show(state: GridState): void {
    const listed = this.items.at(state.focus.index);
    if (listed === undefined) return;
    const item = this.ofFinding(state, listed);
    if (item !== this.item) {
      const isSameImage = item.sample === this.item?.sample;
      if (item.key !== this.item?.key && !(isSameImage && listed.findings)) {
        this.detail = undefined;
        this.began = performance.now();
      }
      this.item = item;
    }
    const withDetails = state.reading ? state.readDetails : state.detailOpen;
    if (withDetails && item !== this.detailOf) void this.loadDetail(item);
    if (state.reading && item.sample !== this.shownSample) this.turnTo(item.sample);
  }

  /** Of an image the finding that the keys are for; as long as nothing is known of that, only whose it is. */
  private ofFinding(state: GridState, listed: ReviewItem): ReviewItem {
    const finding = actingFinding(state, listed);
    if (listed.findings === undefined || finding === undefined) return listed;
    const key = keyOfFinding(listed.key, finding);
    const known = this.items.byKey(key);
    if (known) return known;
    if (this.unknown?.key !== key) this.unknown = { ...listed, key, finding };
    return this.unknown;
  }

  /** Brings all findings of an image that is not read. */
  async bringFindings(image: ReviewItem): Promise<void> {
    const [first] = this.state.project?.findings ?? [];
    if (first === undefined) return;
    try {
      const { findings } = await this.rpc.call('detail', keyOfFinding(image.key, first.name));
      if (!findings || this.items.at(this.state.focus.index)?.key !== image.key) return;
      this.items.takeFindings(findings);
      this.onFindings();
    } catch (error) {
      this.store.dispatch({ type: 'faulted', fault: faultOf(error) });
    }
  }

  /** The image is left: its pixels stay, to be there at once. */
  leaveImage(): void {
    clearTimeout(this.loadTimer);
    this.shownSample = undefined;
  }

  /** Nothing is on show any more; what is cached stays. */
  close(): void {
    this.leaveImage();
    this.item = undefined;
    this.detail = undefined;
    this.detailOf = undefined;
  }

  /** The dataset changed. */
  clear(): void {
    this.pixels.clear();
    this.close();
  }

  private turnTo(sample: string): void {
    this.shownSample = sample;
    const held = this.pixels.peek(sample);
    if (held) {
      this.view?.show(held);
      measurePainted('next-image', this.began);
      this.prefetchSoon();
      return;
    }
    const picture = this.pictures.of(sample);
    this.view?.showLoading(
      picture && 'uri' in picture ? picture.uri : undefined,
      this.formatter.strings.detail.loading,
    );
    if (!this.busy) void this.loadPixels();
  }

  /** One image at a time, always the one on show now: a held arrow key skips those in between. */
  private async loadPixels(): Promise<void> {
    this.busy = true;
    for (let sample = this.shownSample; sample !== undefined;) {
      try {
        const pixels = await this.pixels.get(sample);
        if (sample === this.shownSample) {
          this.view?.show(pixels);
          measurePainted('next-image', this.began);
        }
      } catch (error) {
        if (sample === this.shownSample) {
          this.view?.showFailure(fill(this.formatter.strings.detail.failed, faultText(error)));
        }
      }
      if (sample === this.shownSample) break;
      sample = this.shownSample;
    }
    this.busy = false;
    this.prefetchSoon();
  }

  private prefetchSoon(): void {
    clearTimeout(this.loadTimer);
    this.loadTimer = window.setTimeout(() => {
      if (this.busy || this.shownSample === undefined) return;
      const { index } = this.state.focus;
      for (const next of [index + 1, index - 1, index + 2]) {
        const sample = this.items.at(next)?.sample;
        if (sample !== undefined) void this.fetchAhead(sample);
      }
    }, restFor);
  }

  /** A neighbour that fails says so when it is looked at. */
  private async fetchAhead(sample: string): Promise<void> {
    const pixels = await this.pixels.get(sample).catch(() => undefined);
    if (pixels && this.shownSample !== undefined) this.view?.prepare(pixels);
  }

  /** The details are of the finding that was not known before. */
  private takeFindings(findings: readonly ReviewItem[], key: ItemKey): void {
    this.items.takeFindings(findings);
    const now = this.items.byKey(key);
    if (now && this.item?.key === key) this.item = this.detailOf = now;
    this.onFindings();
  }

  private async loadDetail(item: ReviewItem): Promise<void> {
    this.detailOf = item;
    try {
      const detail = await this.rpc.call('detail', item.key);
      if (this.item !== item) return;
      this.detail = detail;
      if (detail.findings) this.takeFindings(detail.findings, item.key);
      this.onDetail();
    } catch (error) {
      if (this.item === item) this.store.dispatch({ type: 'faulted', fault: faultOf(error) });
    }
  }
}

function faultText(error: unknown): { readonly message: string } {
  return { message: faultOf(error).message };
}
