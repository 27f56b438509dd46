/** Suspects, offers, audits and the yield of a review, for people. */
import { counted } from '../../../core/base/counted';
import type { Task } from '../../../core/dataset/model';
import type { Suspect } from '../../../core/suspects/suspectList';
import type { Share } from '../../../core/suspects/learned/honestYield';
import { table } from '../../describeMetrics';
import type { ReviewYield } from './yield';

/** Noise of a finding as it is printed. */
export interface ShownHealth {
  readonly finding: string;
  readonly labelled: number;
  readonly estimated: number;
  readonly classes: readonly { readonly value: string; readonly noise: number }[];
}

export interface ShownSuspects {
  readonly suspects: readonly Suspect[];
  readonly health: readonly ShownHealth[];
  readonly tooRare: readonly string[];
}

export function printSuspects(
  line: (text: string) => void,
  task: Task,
  { suspects, health, tooRare }: ShownSuspects,
  limit: number,
): void {
  line(counted(suspects.length, 'suspected label'));
  const rows = suspects
    .slice(0, limit)
    .map((suspect) => [
      suspect.score.toFixed(3),
      suspect.sample,
      ...(task === 'multi-class' ? [] : [suspect.finding]),
      `${suspect.label ?? '–'} → ${suspect.suggested}`,
      ...(task === 'multi-class' ? [] : [againstThreshold(suspect)]),
      suspect.why,
    ]);
  const head = [
    'score',
    'sample',
    ...(task === 'multi-class' ? [] : ['finding']),
    'label → suggested',
    ...(task === 'multi-class' ? [] : ['p / threshold']),
    'why',
  ];
  if (rows.length > 0) for (const text of table([head, ...rows])) line(text);
  if (suspects.length > limit) line(`  … and ${suspects.length - limit} more (--limit)`);
  for (const { finding, labelled, estimated, classes } of health) {
    if (labelled === 0) continue;
    const noise = classes.map(({ value, noise: share }) => `${value} ${percent(share)}`).join(', ');
    line(`${finding}: about ${estimated} of ${labelled} labels wrong by the model (by label: ${noise})`);
  }
  if (tooRare.length > 0) line(`Too rare to judge: ${tooRare.join(', ')}`);
}

/** The probability of a finding beside the one from which on it is called present. */
function againstThreshold({ probabilities, threshold }: Suspect): string {
  const p = probabilities['1'];
  return p === undefined || threshold === null ? '–' : `${p.toFixed(3)} / ${threshold.toFixed(3)}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

interface Offered {
  readonly sample: string;
  readonly finding: string;
}

export function printOffer(line: (text: string) => void, offer: string, items: readonly Offered[]): void {
  line(`Offer ${offer}: look at these, without looking anything up`);
  for (const { sample, finding } of items) line(`  ${sample}  ${finding}`);
  line(
    `Answer with overread label DIR SAMPLE VALUE --offer ${offer}, or overread keep DIR SAMPLE --offer ${offer}`,
  );
}

export function printAudit(
  line: (text: string) => void,
  about: {
    readonly offer: string;
    readonly audit: number;
    readonly n: number;
    readonly alpha: number;
    readonly target: number;
    readonly unreviewed: number;
    readonly items: readonly Offered[];
  },
): void {
  line(
    `Audit ${about.audit}: ${about.n} of ${about.unreviewed} labels that nobody has looked at. If all of them are kept, fewer ` +
      `than ${percent(about.target)} are wrong (level ${about.alpha}).`,
  );
  printOffer(line, about.offer, about.items);
}

export function printYield(line: (text: string) => void, found: ReviewYield): void {
  const { changed, kept, undecided, last, noise, precision } = found;
  line(`${changed} changed, ${kept} kept, ${undecided} undecided by ${found.reader ?? 'nobody'}`);
  if (noise === null) line(`Of the last ${last.looks} looks ${last.changed} changed the label`);
  else line(`Wrong labels in all: ${interval(noise)}`);
  if (precision) line(`Of the drawn labels that the model called wrong, wrong: ${interval(precision)}`);
  for (const { name, auroc, draws } of found.rivals) {
    if (auroc !== null) line(`  AUROC ${auroc.toFixed(3)} by ${name} (${draws} draws)`);
  }
  const { agreement } = found;
  if (agreement) line(`Agrees with themselves on ${agreement.agreed} of ${agreement.repeats} repeats`);
  for (const { audit, answered, drawn, wrong, atMost, unreviewed, passed } of found.audits) {
    const ending =
      atMost === null
        ? 'not through'
        : `at most ${atMost} of ${unreviewed} are wrong: ${passed === true ? 'passed' : 'not passed'}`;
    line(`Audit ${audit}: ${answered} of ${drawn} answered, ${wrong} not kept, ${ending}`);
  }
  for (const warning of found.warnings) line(`warning: ${warning}`);
}

function interval({ value, low, high, draws }: Share): string {
  return `${percent(value)} (${percent(low)} to ${percent(high)}, from ${counted(draws, 'draw')})`;
}
