/** Trying thresholds of one class or finding: a slider, a target, what they come to, and the images that change side. */
import { describeTarget } from '../../src/charts/targets';
import type { OperatingTarget, RunPageMethods, TriedThreshold } from '../../src/protocol/runPageApi';
import { faultOf, type PageRpc } from '../connection';
import { createButton, createDropdown, createSlider, createTextField } from '../controls';
import { element, setText } from '../dom';
import { fill } from '../texts';
import { plural } from '../plural';
import { thresholdTable } from './figures';
import { shareOf } from './percent';
import type { RunTexts } from './strings';

type Kind = 'threshold' | 'youden' | 'sensitivity' | 'specificity';

/** Of a key that is held only the last step is asked about. */
const pauseMs = 40;

export interface ThresholdHost {
  readonly rpc: PageRpc<RunPageMethods, object>;
  readonly texts: RunTexts;
  readonly language: string;
  readonly trusted: boolean;
  /** Whether the test part is on show. */
  readonly test: () => boolean;
  /** A threshold was tried: the charts mark it. */
  readonly onTried: (tried: TriedThreshold, target: OperatingTarget) => void;
  /** overread.yaml has this target for an output now; undefined: none. */
  readonly onKept: (output: string, target: OperatingTarget | undefined) => void;
}

export class ThresholdPanel {
  readonly root: HTMLElement;
  private output = '';
  private kind: Kind = 'threshold';
  private share = 0.95;
  private thresholds: readonly number[] = [];
  private tried: TriedThreshold | undefined;
  private asked = 0;
  /** What is to be tried after the pause. */
  private waiting:
    { readonly target: OperatingTarget; readonly timer: ReturnType<typeof setTimeout> } | undefined;
  /** Fulfilled when what was asked last is on show. */
  private answered: Promise<void> = Promise.resolve();

  private readonly shown = element('output', { class: 'value' });
  private readonly table = element('div');
  private readonly changed = element('span', { attributes: { role: 'status' } });
  private readonly said = element('p', { class: 'said', attributes: { role: 'status' } });
  private readonly kept = element('p', { class: 'muted' });
  private readonly slider;
  private readonly kinds;
  private readonly field;
  private readonly show;
  private readonly keep;
  private readonly forget;

  constructor(private readonly host: ThresholdHost) {
    const { texts } = host;
    this.slider = createSlider({
      label: texts.threshold,
      class: 'threshold',
      ...{ least: 0, most: 1, step: 1 },
      onInput: (at) => {
        this.kind = 'threshold';
        this.setKinds();
        // The slider goes from low thresholds to high ones; the list falls.
        this.try({ threshold: this.thresholds[this.thresholds.length - 1 - at] ?? 0.5 });
      },
    });
    this.kinds = createDropdown({
      label: texts.target,
      onChange: (kind) => {
        this.kind = kind as Kind;
        this.setKinds();
        const target = this.target();
        if (target) this.try(target);
      },
    });
    this.field = createTextField({
      label: texts.share,
      placeholder: '95',
      onCommit: (text) => this.setShare(text),
    });
    this.show = createButton({ label: texts.showChanged, onClick: () => void this.showChanged() });
    this.keep = createButton({ label: texts.keep, primary: true, onClick: () => void this.keepTarget() });
    this.forget = createButton({
      label: texts.forget,
      keepsFocus: true,
      onClick: () => this.write(undefined),
    });
    this.root = element(
      'section',
      { class: 'thresholds' },
      element('h2', { text: texts.threshold }),
      element('p', { class: 'muted', text: texts.thresholdHelp }),
      element('div', { class: 'row' }, this.slider.root, this.shown),
      this.table,
      element('p', { class: 'muted', text: texts.exact }),
      element('div', { class: 'row' }, this.changed, this.show.root),
      element('div', { class: 'row' }, this.kinds.root, this.field.root, this.keep.root, this.forget.root),
      this.kept,
      this.said,
    );
    this.keep.setEnabled(host.trusted);
    this.show.setEnabled(false);
    this.field.value = '95';
  }

  /**
   * Another class or finding.
   * @param kept the target that overread.yaml has for it
   * @param own the run's own threshold
   * @param last the target that was tried last; default: the kept one, or the run's own threshold
   */
  async choose(
    output: string,
    kept: OperatingTarget | undefined,
    own: number | null,
    last?: OperatingTarget,
  ): Promise<void> {
    this.output = output;
    this.tried = undefined;
    setText(this.said, this.host.trusted ? '' : this.host.texts.untrusted);
    this.sayKept(kept);
    const target = last ?? kept;
    const asked = ++this.asked;
    try {
      const thresholds = await this.host.rpc.call('thresholds', output, this.host.test());
      if (asked !== this.asked) return;
      this.thresholds = thresholds;
      this.slider.set(0, { least: 0, most: Math.max(0, thresholds.length - 1) });
      this.kind = target === undefined ? 'threshold' : kindOf(target);
      if (typeof target === 'object' && !('threshold' in target)) {
        this.share = 'sensitivity' in target ? target.sensitivity : target.specificity;
      }
      this.setKinds();
      this.tryNow(target ?? { threshold: own ?? 0.5 });
    } catch (error) {
      setText(this.said, faultOf(error).message);
    }
  }

  private try(target: OperatingTarget): void {
    if (typeof target === 'object' && 'threshold' in target) setText(this.shown, target.threshold.toFixed(4));
    clearTimeout(this.waiting?.timer);
    this.waiting = { target, timer: setTimeout(() => this.tryNow(target), pauseMs) };
  }

  /** Fulfilled when what the slider says is what was tried: a button means that, and not the one before. */
  private async tryAll(): Promise<void> {
    if (this.waiting) this.tryNow(this.waiting.target);
    await this.answered;
  }

  private tryNow(target: OperatingTarget): void {
    clearTimeout(this.waiting?.timer);
    this.waiting = undefined;
    const asked = ++this.asked;
    const { rpc, test } = this.host;
    this.answered = rpc.call('tryTarget', this.output, target, test()).then(
      (tried) => {
        if (asked === this.asked) this.present(tried, target);
      },
      (error: unknown) => setText(this.said, faultOf(error).message),
    );
  }

  private present(tried: TriedThreshold, target: OperatingTarget): void {
    this.tried = tried;
    const { texts, language, onTried } = this.host;
    const { point, called, dropped } = tried;
    setText(this.shown, point.threshold === null ? '–' : point.threshold.toFixed(4));
    if (point.threshold === null) {
      this.table.replaceChildren(element('p', { text: `${point.why ?? ''}.` }));
    } else {
      this.table.replaceChildren(thresholdTable(point, texts));
      this.moveSlider(point.threshold);
    }
    const count = called + dropped;
    const detail = fill(texts.changedDetail, { called, dropped });
    setText(this.changed, `${fill(plural(texts.changed, count, language), { n: count })} (${detail})`);
    this.show.setEnabled(count > 0);
    this.keep.setEnabled(this.host.trusted && this.target() !== undefined);
    onTried(tried, target);
  }

  /** To the candidate that is nearest. */
  private moveSlider(threshold: number): void {
    let best = 0;
    this.thresholds.forEach((value, n) => {
      if (Math.abs(value - threshold) < Math.abs((this.thresholds[best] ?? NaN) - threshold)) best = n;
    });
    this.slider.set(this.thresholds.length - 1 - best);
  }

  private target(): OperatingTarget | undefined {
    if (this.kind === 'youden') return 'youden';
    if (this.kind === 'sensitivity') return { sensitivity: this.share };
    if (this.kind === 'specificity') return { specificity: this.share };
    const threshold = this.tried?.point.threshold ?? null;
    return threshold === null || threshold <= 0 || threshold >= 1 ? undefined : { threshold };
  }

  private setKinds(): void {
    const { texts } = this.host;
    this.kinds.set(
      [
        { value: 'threshold', label: texts.atThreshold },
        { value: 'youden', label: texts.youden },
        { value: 'sensitivity', label: texts.atSensitivity },
        { value: 'specificity', label: texts.atSpecificity },
      ],
      this.kind,
    );
    this.field.root.hidden = this.kind !== 'sensitivity' && this.kind !== 'specificity';
    const text = String(Number((100 * this.share).toFixed(2)));
    if (this.field.value !== text) this.field.value = text;
  }

  private setShare(text: string): void {
    const share = shareOf(text);
    if (share === undefined) {
      setText(this.said, this.host.texts.shareWrong);
      return;
    }
    setText(this.said, '');
    this.share = share;
    const target = this.target();
    if (target) this.try(target);
  }

  private async showChanged(): Promise<void> {
    await this.tryAll();
    const threshold = this.tried?.point.threshold ?? null;
    if (threshold === null) return;
    this.tell(this.host.rpc.call('showChanged', this.output, threshold, this.host.test()));
  }

  private async keepTarget(): Promise<void> {
    await this.tryAll();
    const target = this.target();
    if (target) this.write(target);
  }

  /** Into overread.yaml; undefined: out of it. */
  private write(target: OperatingTarget | undefined): void {
    const { output, host } = this;
    this.tell(
      host.rpc.call('keepTarget', output, target ?? null).then((text) => {
        host.onKept(output, target);
        if (output === this.output) this.sayKept(target);
        return text;
      }),
    );
  }

  private tell(work: Promise<string>): void {
    work.then(
      (text) => setText(this.said, text),
      (error: unknown) => setText(this.said, faultOf(error).message),
    );
  }

  private sayKept(target: OperatingTarget | undefined): void {
    const { texts, trusted } = this.host;
    this.forget.setEnabled(trusted && target !== undefined);
    setText(
      this.kept,
      target === undefined ? texts.notKept : fill(texts.kept, { target: describeTarget(target) }),
    );
  }
}

function kindOf(target: OperatingTarget): Kind {
  if (target === 'youden') return target;
  if ('sensitivity' in target) return 'sensitivity';
  return 'specificity' in target ? 'specificity' : 'threshold';
}
