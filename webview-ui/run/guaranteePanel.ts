/** A guarantee for triage, tried once on a test part that nobody has looked at; where there can be none, the reason. */
import type { GuaranteeReport, RunPageMethods } from '../../src/protocol/runPageApi';
import { faultOf, type PageRpc } from '../connection';
import { createButton, createDropdown, createTextField } from '../controls';
import { element, setText } from '../dom';
import { fill } from '../texts';
import { plainPercent, shareOf } from './percent';
import type { RunTexts } from './strings';

export interface GuaranteeHost {
  readonly rpc: PageRpc<RunPageMethods, object>;
  readonly texts: RunTexts;
  readonly trusted: boolean;
  /** The test part is spent. */
  readonly onTried: () => void;
}

export class GuaranteePanel {
  readonly root: HTMLElement;
  private output = '';
  private figure: GuaranteeReport['figure'] = 'npv';

  private readonly controls: HTMLElement;
  private readonly said = element('p', { class: 'said', attributes: { role: 'status', tabindex: '-1' } });
  private readonly atLeast;
  private readonly confidence;
  private readonly button;

  constructor(private readonly host: GuaranteeHost) {
    const { texts } = host;
    const figures = createDropdown({
      label: texts.guaranteed,
      onChange: (figure) => {
        this.figure = figure === 'ppv' ? 'ppv' : 'npv';
      },
    });
    figures.set(
      [
        { value: 'npv', label: texts.npvOfLow },
        { value: 'ppv', label: texts.ppvOfHigh },
      ],
      this.figure,
    );
    const percent = (label: string, value: string) => {
      const field = createTextField({ label, placeholder: value, onCommit: () => setText(this.said, '') });
      field.value = value;
      return field;
    };
    this.atLeast = percent(texts.atLeast, '98');
    this.confidence = percent(texts.confidence, '95');
    this.button = createButton({ label: texts.tryGuarantee, onClick: () => this.try() });
    this.controls = element(
      'div',
      { class: 'row' },
      figures.root,
      this.atLeast.root,
      this.confidence.root,
      this.button.root,
    );
    this.root = element(
      'section',
      { class: 'guarantee' },
      element('h2', { text: texts.guarantee }),
      element('p', { class: 'muted', text: texts.guaranteeHelp }),
      this.controls,
      this.said,
    );
  }

  /** @param why there can be none; null: one may be tried */
  explain(why: string | null): void {
    const { texts, trusted } = this.host;
    this.controls.hidden = why !== null;
    this.button.setEnabled(trusted);
    if (why !== null) setText(this.said, fill(texts.noGuarantee, { why }));
    else setText(this.said, trusted ? '' : texts.guaranteeUntrusted);
  }

  /** Another class or finding. */
  choose(output: string): void {
    this.output = output;
  }

  private try(): void {
    const { rpc, texts, onTried } = this.host;
    const atLeast = shareOf(this.atLeast.value);
    const confidence = shareOf(this.confidence.value);
    if (atLeast === undefined || confidence === undefined) {
      setText(this.said, texts.shareWrong);
      return;
    }
    this.button.setEnabled(false);
    setText(this.said, texts.tryingGuarantee);
    rpc.call('guarantee', { output: this.output, figure: this.figure, atLeast, confidence }).then(
      (report) => {
        // One try, whatever came of it: the focus goes from its button to the answer.
        if (this.controls.contains(document.activeElement)) this.said.focus();
        this.controls.hidden = true;
        setText(this.said, describe(report, texts));
        onTried();
      },
      (error: unknown) => {
        this.button.setEnabled(true);
        setText(this.said, faultOf(error).message);
      },
    );
  }
}

function describe({ output, figure, atLeast, confidence, given }: GuaranteeReport, texts: RunTexts): string {
  const asked = fill(texts.guaranteeAsked, {
    figure: figure.toUpperCase(),
    output,
    share: plainPercent(atLeast),
    confidence: plainPercent(confidence),
  });
  if (!('threshold' in given)) return fill(texts.notGuaranteed, { asked, why: given.why });
  return fill(figure === 'ppv' ? texts.guaranteedAbove : texts.guaranteedBelow, {
    asked,
    threshold: given.threshold.toFixed(4),
    right: given.right,
    called: given.called,
  });
}
