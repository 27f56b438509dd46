/** What was trained, on what, and with which versions. */
import { hasRandomWeights } from '../runs/abilities';
import { factsOf, html, tableOf, type HtmlNode } from './html';
import type { ReportContext } from './sections';

export function modelSection({ run }: ReportContext): readonly HtmlNode[] {
  const { record } = run;
  const { network, trainer } = record;
  const facts: [string, string][] = [
    ['Run', record.run],
    ['Made', record.created],
    ['Labels as of', record.labels_as_of === '' ? 'the table, without a correction' : record.labels_as_of],
    ['Trainer', trainer.name],
    ...Object.entries(trainer.settings).map(([name, value]): [string, string] => [
      `Setting ${name}`,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  ];
  if (network) {
    const { weights } = network;
    facts.push(
      ['Architecture', network.architecture],
      ['Weights', hasRandomWeights(record) ? `${weights.name} (random: trained on nothing)` : weights.name],
      ['SHA-256 of the weights', weights.sha256],
      ['Weights were trained on', weights.trained_on ?? 'not known'],
      ['Cut after', weights.truncate ?? 'nothing: the whole network'],
      ['Input', weights.preprocessing ? JSON.stringify(weights.preprocessing) : 'not recorded'],
      ['Device', network.device.name],
      ['Precision of the features', weights.precision === undefined ? 'single' : 'half (fp16)'],
    );
  } else facts.push(['Network', 'not known: the predictions come from elsewhere']);
  const thresholds = record.outputs.flatMap((name, n) => {
    const threshold = record.thresholds[n];
    return threshold === undefined ? [] : [[name, threshold.toFixed(4)]];
  });
  return [
    factsOf(facts),
    ...(thresholds.length === 0
      ? []
      : [tableOf('Decision thresholds', ['Finding', 'called from'], thresholds)]),
    html('details', {}, html('summary', {}, 'Versions'), factsOf(Object.entries(record.versions))),
  ];
}
