/** The list of suspects for people: what is suspected, of what, and how noisy the labels are as a whole. */
import { counted } from '../../../core/base/counted';
import type { Task } from '../../../core/dataset/model';
import type { Suspect } from '../../../core/suspects/suspectList';
import { table } from '../../describeMetrics';

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
    .map(({ score, sample, finding, label, suggested, why }) => [
      score.toFixed(3),
      sample,
      ...(task === 'multi-class' ? [] : [finding]),
      `${label ?? '–'} → ${suggested}`,
      why,
    ]);
  const head = [
    'score',
    'sample',
    ...(task === 'multi-class' ? [] : ['finding']),
    'label → suggested',
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

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
