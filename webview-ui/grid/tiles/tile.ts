/** One tile: built once, bound to one item after another while the grid scrolls. */
import type { Heatmap, ItemFinding } from '../../../src/protocol/engineApi';
import type { TilePicture } from '../../../src/protocol/gridApi';
import { element, setAttribute, setText } from '../../dom';
import { fill } from '../../texts';
import type { Formatter } from '../format';
import type { ShownItem } from '../state/shown';
import { stateOf } from '../state/tileState';
import { setMiddleText } from './middleText';
import { TileHeatmap } from './tileHeatmap';
import { imageMarks, imageName } from '../findings/imageWords';
import { TileChips, type ChipsView } from '../findings/tileChips';
import { tileName, wordsOf } from './tileWords';

/** What a tile shows beside its item. */
export interface TileView {
  readonly index: number;
  readonly total: number;
  readonly shown: ShownItem | undefined;
  readonly picture: TilePicture | undefined;
  /** Over the picture; undefined while there is none to show. */
  readonly heatmap: Heatmap | undefined;
  /** The value that the list is sorted by, as it is read; empty where the tile has it anyway, or there is none. */
  readonly score: string;
  /** What a check found of it, where the list is ordered by that. */
  readonly found: readonly ItemFinding[];
  /** The last answer to it could not be saved. */
  readonly failed: boolean;
  readonly selected: boolean;
  readonly focused: boolean;
  readonly multiLabel: boolean;
  /** Show the finding of an item on a line of its own. */
  readonly showFinding: boolean;
  /** The findings of an image that the tile stands for; undefined: it stands for an item. */
  readonly chips: ChipsView | undefined;
}

/** Whoever wants to know that a picture has been painted. */
export type PictureShown = () => void;

export class Tile {
  readonly root: HTMLDivElement;
  index = -1;
  private readonly image = element('img', { class: 'picture', attributes: { alt: '', draggable: 'false' } });
  private readonly heatmap = new TileHeatmap(this.image);
  private readonly broken = element('span', { class: 'broken' });
  private readonly check = element('span', { class: 'check', attributes: { 'aria-hidden': 'true' } });
  private readonly marks = element('span', { class: 'marks' });
  /** The state by shape and colour (`tiles.css`); the marks say it in words. */
  private readonly sign = element('span', { class: 'sign', attributes: { 'aria-hidden': 'true' } });
  private readonly finding = element('div', { class: 'line finding-name' });
  private readonly was = element('span', { class: 'was' });
  private readonly label = element('span', { class: 'value' });
  /** What the list is sorted by, where that is not shown anyway. */
  private readonly score = element('span', { class: 'percent score' });
  private readonly model = element('span', { class: 'value' });
  private readonly percent = element('span', { class: 'percent' });
  private readonly verdict = element('span', { class: 'verdict', attributes: { 'aria-hidden': 'true' } });
  private readonly chips: TileChips;
  private wantedUri = '';
  private saidMarks = '[[],[]]';

  constructor(
    private readonly formatter: Formatter,
    onShown: PictureShown,
  ) {
    const { strings } = formatter;
    this.chips = new TileChips(formatter);
    this.image.decoding = 'async';
    this.image.addEventListener('load', () => {
      this.image.classList.add('loaded');
      this.heatmap.pictureChanged();
      onShown();
    });
    this.image.addEventListener('error', () => {
      if (this.wantedUri !== '') this.showBroken(strings.noPicture);
    });
    this.root = element(
      'div',
      { class: 'tile', attributes: { role: 'option', tabindex: '-1' } },
      element(
        'div',
        { class: 'frame' },
        this.image,
        this.heatmap.root,
        this.broken,
        this.check,
        this.sign,
        this.marks,
      ),
      this.chips.root,
      this.finding,
      element(
        'div',
        { class: 'line label' },
        element('span', { class: 'cap', text: strings.capLabel }),
        this.was,
        element('span', { class: 'arrow', text: '→', attributes: { 'aria-hidden': 'true' } }),
        this.label,
        this.score,
      ),
      element(
        'div',
        { class: 'line model' },
        element('span', { class: 'cap', text: strings.capModel }),
        this.verdict,
        this.model,
        this.percent,
      ),
    );
  }

  place(x: number, y: number): void {
    this.root.style.transform = `translate(${x}px, ${y}px)`;
  }

  bind(view: TileView): void {
    this.index = view.index;
    const { shown } = view;
    this.root.id = `tile-${view.index}`;
    setAttribute(this.root, 'aria-posinset', String(view.index + 1));
    setAttribute(this.root, 'aria-setsize', String(view.total));
    setAttribute(this.root, 'aria-selected', String(view.selected));
    setAttribute(this.root, 'tabindex', view.focused ? '0' : '-1');
    this.root.classList.toggle('focused', view.focused);
    this.root.classList.toggle('waiting', shown === undefined);
    this.bindItem(view);
    this.bindPicture(view.picture);
    this.heatmap.bind(view.heatmap);
  }

  /** Drops the picture, so that a tile that is reused never shows another image's pixels. */
  release(): void {
    this.index = -1;
    this.root.id = '';
    this.root.classList.remove('focused');
    setAttribute(this.root, 'data-key', null);
    setAttribute(this.root, 'data-vscode-context', null);
    this.bindPicture(undefined);
    this.heatmap.bind(undefined);
  }

  private bindItem(view: TileView): void {
    const { shown, multiLabel } = view;
    const words = shown && wordsOf(shown, this.formatter, multiLabel, view.failed);
    const { chips } = view;
    this.root.classList.toggle('of-image', chips !== undefined);
    this.chips.bind(chips);
    setAttribute(this.root, 'data-state', shown ? stateOf(shown, view.failed) : null);
    setAttribute(this.root, 'data-key', shown?.item.key ?? null);
    setAttribute(this.root, 'data-vscode-context', shown ? tileContext(shown.item.key) : null);
    this.root.classList.toggle('wrong', shown?.agrees === false);
    this.root.classList.toggle('excluded', shown?.excluded === true);
    setMiddleText(this.was, words?.was ?? '');
    setMiddleText(this.label, words?.label ?? '');
    this.label.classList.toggle('muted', shown?.hidden === true && !shown.pending);
    this.label.title = shown && words ? this.labelTitle(shown, words.label, multiLabel) : '';
    setText(this.score, view.score);
    setMiddleText(this.model, words?.model ?? '');
    this.model.classList.toggle('muted', shown === undefined || shown.predicted === null);
    setText(this.percent, words?.percent ?? '');
    setText(this.verdict, shown?.agrees === false ? '≠' : shown?.agrees === true ? '=' : '');
    this.finding.hidden = !view.showFinding;
    setMiddleText(this.finding, view.showFinding ? (shown?.item.finding ?? '') : '');
    this.bindMarks(chips ? imageMarks(chips, this.formatter) : (words?.marks ?? []), view.found);
    const name =
      shown && chips
        ? imageName(shown.item, chips, view.index, this.formatter)
        : shown && words
          ? tileName(shown, words, view.index, this.formatter, view.showFinding)
          : null;
    const found = view.found.map(({ title, message }) => ` ${title}: ${message}.`).join('');
    setAttribute(this.root, 'aria-label', name === null ? null : name + found);
  }

  private labelTitle(shown: ShownItem, label: string, multiLabel: boolean): string {
    if (shown.hidden || shown.value === shown.item.given || shown.value === 'uncertain') return label;
    const was = this.formatter.value(shown.item.given, multiLabel);
    return `${label} (${fill(this.formatter.strings.was, { value: was })})`;
  }

  private bindMarks(texts: readonly string[], found: readonly ItemFinding[]): void {
    const said = JSON.stringify([texts, found.map(({ message }) => message)]);
    if (said === this.saidMarks) return;
    this.saidMarks = said;
    this.marks.replaceChildren(
      ...found.map(({ title, message, severity }) =>
        element('span', { class: `mark found ${severity}`, text: title, title: message }),
      ),
      ...texts.map((text) => element('span', { class: 'mark', text })),
    );
  }

  private bindPicture(picture: TilePicture | undefined): void {
    const uri = picture && 'uri' in picture ? picture.uri : '';
    if (picture && 'error' in picture) {
      this.wantedUri = '';
      this.dropPicture();
      this.image.removeAttribute('src');
      this.showBroken(picture.error);
      return;
    }
    if (uri === this.wantedUri && this.broken.textContent === '') return;
    this.wantedUri = uri;
    setText(this.broken, '');
    this.broken.title = '';
    this.dropPicture();
    if (uri === '') this.image.removeAttribute('src');
    else this.image.src = uri;
  }

  private dropPicture(): void {
    this.image.classList.remove('loaded');
    this.heatmap.pictureChanged();
  }

  private showBroken(reason: string): void {
    setText(this.broken, reason);
    this.broken.title = reason;
  }
}

/** What VS Code hands to the commands of the tile's menu. */
function tileContext(key: string): string {
  return JSON.stringify({ webviewSection: 'tile', key, preventDefaultContextMenuItems: true });
}
