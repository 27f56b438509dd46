/** A DICOM file: its image as the file wants it shown, frame by frame, and its elements. */
import type { DicomEvents, DicomMethods, DicomView } from '../../src/protocol/dicomApi';
import type { DicomTags } from '../../src/protocol/engineApi';
import { connect, faultOf, type PageRpc, type VsCodeApi } from '../connection';
import { createSlider, textControls, type SliderControl } from '../controls';
import { DisposableStore } from '../disposables';
import { element, setText } from '../dom';
import { fill, handedIn, translated } from '../texts';
import { createImageTools } from '../viewer/imageTools';
import { ImageView } from '../viewer/imageView';
import { english } from './strings';
import { TagTable } from './tagTable';

/** What the page saves with the editor. */
interface Saved {
  readonly frame?: number;
  readonly search?: string;
}

export class DicomPage {
  private readonly disposables = new DisposableStore();
  private readonly rpc: PageRpc<DicomMethods, DicomEvents>;
  private readonly texts = translated(english, handedIn(document));
  private readonly view: ImageView;
  private readonly tools: ReturnType<typeof createImageTools>;
  private readonly frames: SliderControl;
  private readonly frameText = element('span', { class: 'muted frame-text' });
  private readonly frameRow: HTMLElement;
  private readonly table: TagTable;
  /** The tab shows the name; a screen reader needs a heading too. */
  private readonly title = element('h1', { class: 'unseen' });
  private file: DicomTags | undefined;
  private frame: number | null = null;
  /** Which pixels were asked for last. */
  private asked = 0;

  constructor(
    private readonly api: VsCodeApi,
    root: HTMLElement,
  ) {
    const { texts, disposables } = this;
    this.rpc = disposables.add(
      connect<DicomMethods, DicomEvents>(api, () => {
        void this.start();
      }),
    ).rpc;
    this.view = new ImageView(texts.image, () => this.tools.update(), disposables);
    const percents = new Intl.NumberFormat(document.documentElement.lang || 'en', { style: 'percent' });
    this.frames = createSlider({
      ...{ label: texts.frame, least: 1, most: 1, step: 1 },
      onInput: (frame) => void this.showFrame(frame),
    });
    this.frameRow = element('div', { class: 'frames' }, this.frames.root, this.frameText);
    this.tools = createImageTools(texts.tools, (share) => percents.format(share), this.view, this.frameRow);
    this.table = new TagTable(texts, () => this.save());
    this.table.search.value = this.saved().search ?? '';
    this.frameRow.hidden = true;
    root.replaceChildren(
      element('main', { class: 'picture' }, this.title, this.tools.root, this.view.root),
      this.table.root,
    );
    this.view.showLoading(undefined, texts.loading);
    disposables.listen(document, 'keydown', (event) => this.onKey(event));
  }

  /** Asks the host for the file, and shows it. */
  async start(): Promise<void> {
    try {
      const view = await this.rpc.call('ready');
      await this.show(view);
    } catch (error) {
      this.view.showFailure(`${this.texts.failed}: ${faultOf(error).message}`);
    }
    this.view.root.focus();
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private async show(view: DicomView): Promise<void> {
    const { texts } = this;
    setText(this.title, view.name);
    if ('fault' in view) {
      const { code, message, fix } = view.fault;
      this.view.showFailure([`${texts.failed} (${code}): ${message}.`, fix].filter(Boolean).join(' '));
      return;
    }
    const { file } = view;
    this.file = file;
    this.table.show(file);
    if (file.whyNoPicture !== null) {
      this.view.showFailure(fill(texts.noPicture, { why: file.whyNoPicture }));
      return;
    }
    this.frameRow.hidden = file.frames < 2;
    const { frame } = this.saved();
    await this.showFrame(frame !== undefined && frame <= file.frames ? frame : null);
  }

  /** @param frame null: the one that the file shows first */
  private async showFrame(frame: number | null): Promise<void> {
    const { texts, file } = this;
    const turn = ++this.asked;
    this.frame = frame;
    const shown = frame ?? file?.firstShown ?? 1;
    setText(this.frameText, fill(texts.frameOf, { frame: shown, frames: file?.frames ?? 1 }));
    this.frames.set(shown, { least: 1, most: Math.max(2, file?.frames ?? 1) });
    this.save();
    try {
      const pixels = await this.rpc.call('pixels', frame);
      if (turn === this.asked) this.view.show(pixels);
    } catch (error) {
      if (turn === this.asked) this.view.showFailure(`${texts.failed}: ${faultOf(error).message}`);
    }
  }

  private onKey(event: KeyboardEvent): void {
    const inText = (event.target as HTMLElement | null)?.closest(textControls) !== null;
    if (event.key === 'Escape' && inText) {
      this.view.root.focus();
      return;
    }
    if (inText || event.ctrlKey || event.metaKey || event.altKey) return;
    if (this.view.onKey(event) || this.onPageKey(event.key)) event.preventDefault();
  }

  private onPageKey(key: string): boolean {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[key];
    const frames = this.file?.frames ?? 1;
    if (step !== undefined && document.activeElement === this.view.root && frames > 1) {
      const now = this.frame ?? this.file?.firstShown ?? 1;
      void this.showFrame(Math.min(frames, Math.max(1, now + step)));
    } else if (key === '/') this.table.search.focus();
    else return false;
    return true;
  }

  private saved(): Saved {
    const state = this.api.getState();
    if (typeof state !== 'object' || state === null) return {};
    const { frame, search } = state as Readonly<Record<string, unknown>>;
    return {
      ...(typeof frame === 'number' && Number.isInteger(frame) && frame >= 1 ? { frame } : {}),
      ...(typeof search === 'string' ? { search } : {}),
    };
  }

  private save(): void {
    this.api.setState({
      ...(this.frame === null ? {} : { frame: this.frame }),
      search: this.table.search.value,
    } satisfies Saved);
  }
}
