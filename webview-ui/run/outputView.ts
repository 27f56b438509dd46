/** The charts of the chosen class or finding, with the threshold that is tried marked on them. */
import { calibrationChart, decisionChart, precisionRecallChart, rocChart } from '../../src/charts/runCharts';
import type { MarkedThreshold } from '../../src/charts/runCharts';
import type { RunAnalysis } from '../../src/protocol/runPageApi';
import { drawSvg } from '../drawing';
import { element } from '../dom';
import { fill } from '../texts';
import type { RunTexts } from './strings';

/** Below this many patients with, or without, an output nothing has an interval. */
const fewest = 10;

export class OutputView {
  readonly root = element('div', { class: 'charts' });
  readonly notes = element('div', { class: 'notes' });

  constructor(private readonly texts: RunTexts) {}

  show(analysis: RunAnalysis, name: string, marked: readonly MarkedThreshold[]): void {
    const charted = { id: 'chart', name, parts: analysis.parts, marked };
    const charts = [rocChart, precisionRecallChart, calibrationChart, decisionChart];
    this.root.replaceChildren(...charts.map((chart) => drawSvg(chart(charted))));
    const few = analysis.parts.flatMap(({ part, outputs }) => {
      const output = outputs.find((one) => one.name === name);
      if (!output) return [];
      const { positivePatients, negativePatients } = output;
      const kinds = [
        { kind: this.texts.positive, n: positivePatients },
        { kind: this.texts.negative, n: negativePatients },
      ];
      return kinds
        .filter(({ n }) => n < fewest)
        .map((counts) => fill(this.texts.few, { part: this.texts[part], ...counts }));
    });
    this.notes.replaceChildren(
      ...few.map((text) => element('p', { class: 'muted', text })),
      ...(analysis.bands
        ? []
        : [element('p', { class: 'muted', text: this.texts.bandsComing, attributes: { role: 'status' } })]),
    );
  }
}
