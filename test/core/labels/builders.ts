/** Datasets and events for tests of labels: small, typed, seeded. */
import { mkdtemp } from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { type SplitMix32 } from '../../../src/core/base/random';
import type { Dataset, Finding, LabelValue, Sample } from '../../../src/core/dataset/model';
import type { LabelEvent, LabelOp, Role } from '../../../src/core/labels/model';

export const classes = ['normal', 'pneumonia', 'covid'];

export function sample(id: string, given: readonly LabelValue[], more: Partial<Sample> = {}): Sample {
  return {
    id,
    path: `images/${id}.png`,
    row: 2,
    group: id,
    study: null,
    given,
    givenSplit: null,
    metadata: {},
    ...more,
  };
}

export function multiClass(samples: readonly Sample[], values = classes): Dataset {
  const finding: Finding = { name: 'class', values, uncertain: 'masked', unmentioned: 'masked' };
  return { task: 'multi-class', findings: [finding], samples, metadataColumns: [] };
}

export function multiLabel(samples: readonly Sample[], findings: readonly Partial<Finding>[]): Dataset {
  return {
    task: 'multi-label',
    findings: findings.map((finding, f) => ({
      name: `finding ${f}`,
      values: ['0', '1', 'uncertain'],
      uncertain: 'masked',
      unmentioned: 'negative',
      ...finding,
    })),
    samples,
    metadataColumns: [],
  };
}

let counter = 0;

/** One event; ids rise with every call, the time is given in seconds. */
export function event(
  at: number,
  annotator: string,
  op: LabelOp,
  sampleId: string,
  more: Partial<LabelEvent> = {},
): LabelEvent {
  counter++;
  const id = `E${String(counter).padStart(25, '0')}`;
  return {
    v: 1,
    id,
    batch: `B-${id}`,
    time: new Date(1_700_000_000_000 + at * 1000).toISOString(),
    annotator,
    role: 'reader',
    op,
    sample: sampleId,
    ...more,
  };
}

/** Random events of three people on few items, with undo, redo, exclusions and colliding times. */
export function randomEvents(dataset: Dataset, random: SplitMix32, count: number): LabelEvent[] {
  const people = ['Ann', 'Bob', 'Zoë'];
  const events: LabelEvent[] = [];
  for (let k = 0; k < count; k++) {
    const annotator = people[random.below(people.length)]!;
    const finding = dataset.findings[random.below(dataset.findings.length)]!;
    const id = dataset.samples[random.below(dataset.samples.length)]!.id;
    const role: Role = random.uniform() < 0.15 ? 'adjudicator' : 'reader';
    const at = random.below(count);
    const own = events.filter((one) => one.annotator === annotator && one.op !== 'undo' && one.op !== 'redo');
    const draw = random.uniform();
    if (draw < 0.2 && own.length > 0) {
      const target = own[random.below(own.length)]!.batch;
      events.push(event(at, annotator, random.uniform() < 0.6 ? 'undo' : 'redo', id, { role, target }));
    } else if (draw < 0.35) {
      const scope = random.uniform() < 0.5 ? {} : { finding: finding.name };
      events.push(
        event(at, annotator, random.uniform() < 0.5 ? 'exclude' : 'include', id, { role, ...scope }),
      );
    } else if (draw < 0.5) {
      events.push(event(at, annotator, 'keep', id, { role, finding: finding.name }));
    } else {
      const choices: readonly LabelValue[] = [...new Set([...finding.values, 'uncertain', null])];
      const value = choices[random.below(choices.length)]!;
      const batch = own.length > 0 && random.uniform() < 0.3 ? { batch: own.at(-1)!.batch } : {};
      events.push(event(at, annotator, 'set', id, { role, finding: finding.name, value, ...batch }));
    }
  }
  return events;
}

export function temporaryFolder(): Promise<string> {
  return mkdtemp(path.join(os.tmpdir(), 'overread-labels-'));
}
