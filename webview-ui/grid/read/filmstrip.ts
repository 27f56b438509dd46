/** The images around the one that is read: a list with one tab stop, the one on show in its middle. */
import type { DisposableStore } from '../../disposables';
import { element, setAttribute } from '../../dom';
import type { Formatter } from '../format';
import { multiLabelOf } from '../state/queries';
import type { ReviewItem } from '../../../src/protocol/engineApi';
import { imageName } from '../findings/imageWords';
import { hasFailed, shownImage } from '../findings/shownImage';
import { shownFinding } from '../findings/words';
import { shownItem, type ShownItem } from '../state/shown';
import { stateOf } from '../state/tileState';
import type { GridState } from '../state/model';
import type { ItemBlocks } from '../tiles/itemBlocks';
import type { Pictures } from '../tiles/pictures';
import { tileName, wordsOf } from '../tiles/tileWords';

/** CSS px of a picture and its margin; `read.css` says the same. */
const pitch = 68;
/** ms that a place must stay before its pictures are asked for: what flies by is never fetched. */
const restFor = 40;

interface Frame {
  readonly root: HTMLDivElement;
  readonly image: HTMLImageElement;
}

export class Filmstrip {
  readonly root = element('div', { class: 'filmstrip' });
  private readonly frames = new Map<number, Frame>();
  private readonly spare: Frame[] = [];
  private pictureTimer = 0;
  private width = 0;
  private state: GridState | undefined;

  /** @param go the image with this position was clicked */
  constructor(
    private readonly formatter: Formatter,
    private readonly items: ItemBlocks,
    private readonly pictures: Pictures,
    private readonly go: (index: number) => void,
    disposables: DisposableStore,
  ) {
    const { read } = formatter.strings;
    setAttribute(this.root, 'role', 'listbox');
    setAttribute(this.root, 'aria-label', read.neighbours);
    setAttribute(this.root, 'aria-multiselectable', 'true');
    const observer = new ResizeObserver(() => {
      this.width = this.root.clientWidth;
      if (this.state) this.update(this.state);
    });
    observer.observe(this.root);
    disposables.onDispose(() => {
      observer.disconnect();
      clearTimeout(this.pictureTimer);
    });
    disposables.listen(this.root, 'mousedown', (event) => {
      const index = this.indexOf(event.target);
      event.preventDefault();
      if (index !== undefined) this.go(index);
    });
  }

  /** Shows the images around the focus. */
  update(state: GridState): void {
    this.state = state;
    const total = state.list?.total ?? 0;
    const at = state.focus.index;
    const around = Math.ceil(this.width / pitch / 2) + 1;
    const [first, last] = [Math.max(0, at - around), Math.min(total - 1, at + around)];
    const hadFocus = this.hasFocus;
    for (const [index, frame] of this.frames) {
      if (index >= first && index <= last) continue;
      this.frames.delete(index);
      frame.root.remove();
      this.spare.push(frame);
    }
    for (let index = first; index <= last; index++) this.place(index, at, total, state);
    // The image that had the keys may be gone from among the neighbours: the next key comes before the next frame.
    if (hadFocus) this.focus(false);
    this.items.want(first, last + 1);
    clearTimeout(this.pictureTimer);
    this.pictureTimer = window.setTimeout(() => this.wantPictures(first, last, at), restFor);
  }

  /** Gives the keys to the image on show. False when there is none. */
  focus(force: boolean): boolean {
    if (!force && !document.hasFocus()) return true;
    const frame = this.state && this.frames.get(this.state.focus.index);
    frame?.root.focus({ preventScroll: true });
    return frame !== undefined;
  }

  /** Pictures have arrived. */
  refresh(): void {
    if (this.state?.reading === true) this.update(this.state);
  }

  get hasFocus(): boolean {
    return this.root.contains(document.activeElement);
  }

  private place(index: number, at: number, total: number, state: GridState): void {
    let frame = this.frames.get(index);
    if (!frame) {
      frame = this.spare.pop() ?? newFrame();
      this.frames.set(index, frame);
      // What it showed before is another image.
      frame.image.removeAttribute('src');
      // In the order of the list, for those who read the page by ear.
      this.root.insertBefore(frame.root, this.frames.get(index + 1)?.root ?? null);
    }
    const { root, image } = frame;
    const on = index === at;
    root.dataset['index'] = String(index);
    root.style.transform = `translateX(${Math.round(this.width / 2 + (index - at - 0.5) * pitch)}px)`;
    root.classList.toggle('on', on);
    setAttribute(root, 'tabindex', on ? '0' : '-1');
    setAttribute(root, 'aria-posinset', String(index + 1));
    setAttribute(root, 'aria-setsize', String(total));
    const item = this.items.at(index);
    setAttribute(root, 'aria-selected', String(item !== undefined && state.selected.has(item.key)));
    if (!item) {
      setAttribute(root, 'aria-label', this.formatter.imageName('', index));
      return;
    }
    const shown = item.findings ? shownImage(item, state) : shownItem(item, state);
    const failed = hasFailed(item, state);
    setAttribute(root, 'data-state', stateOf(shown, failed));
    setAttribute(root, 'aria-label', this.nameOf(item, shown, index, state));
    const picture = this.pictures.of(item.sample);
    const uri = picture && 'uri' in picture ? picture.uri : '';
    if (uri !== '' && image.getAttribute('src') !== uri) image.src = uri;
  }

  private nameOf(item: ReviewItem, shown: ShownItem, index: number, state: GridState): string {
    const { formatter } = this;
    if (item.findings) {
      const chips = item.findings.map((finding) => shownFinding(finding, state, formatter));
      return imageName(item, { chips, acting: undefined, hidden: item.hidden }, index, formatter);
    }
    const multiLabel = multiLabelOf(state);
    const words = wordsOf(shown, formatter, multiLabel, state.failed.has(item.key));
    return tileName(shown, words, index, formatter, multiLabel);
  }

  private wantPictures(first: number, last: number, at: number): void {
    const samples: string[] = [];
    for (let away = 0; away <= Math.max(at - first, last - at); away++) {
      for (const index of new Set([at + away, at - away])) {
        const item = index >= first && index <= last ? this.items.at(index) : undefined;
        if (item) samples.push(item.sample);
      }
    }
    this.pictures.want(samples);
  }

  private indexOf(target: EventTarget | null): number | undefined {
    const frame = target instanceof Element ? target.closest<HTMLElement>('.film') : null;
    return frame === null ? undefined : Number(frame.dataset['index']);
  }
}

function newFrame(): Frame {
  const image = element('img', { attributes: { alt: '', draggable: 'false' } });
  image.decoding = 'async';
  return { image, root: element('div', { class: 'film', attributes: { role: 'option' } }, image) };
}
