/** A project whose model errs where the table says so, from one seed. */
import { SplitMix32 } from '../../../src/core/base/random';
import { parseConfig } from '../../../src/core/config/configText';
import type { ProjectConfig } from '../../../src/core/config/config';
import type { Dataset, SplitAssignment } from '../../../src/core/dataset/model';
import { effectiveLabels, type EffectiveLabels } from '../../../src/core/labels/effectiveLabels';
import type { WholeRun } from '../../../src/core/runs/wholeRun';
import { multiClass, multiLabel, sample } from '../labels/builders';

export interface Planted {
  readonly dataset: Dataset;
  readonly assignment: SplitAssignment;
  readonly labels: EffectiveLabels;
  readonly run: Pick<WholeRun, 'predictions' | 'record'>;
  readonly isWrong: (sample: number) => boolean;
}

const classes = ['normal', 'pneumonia'];

/**
 * Images of two classes, or with two findings; of each patient one to three. Wrong are 10 %, and of pneumonia on AP films
 * `surplus` more.
 */
export function plantedWorld(
  count: number,
  seed: number,
  task: Dataset['task'] = 'multi-class',
  surplus = 0.45,
): Planted {
  const random = new SplitMix32(seed);
  const drawn = Array.from({ length: count }, (_, i) => {
    const view = random.uniform() < 0.4 ? 'AP' : 'PA';
    const label = random.below(2);
    const isWrong = random.uniform() < 0.1 + (view === 'AP' && label === 1 ? surplus : 0);
    const patient = Math.floor(i / 2);
    const site = patient < 6 ? 'rare' : patient % 2 === 0 ? 'north' : 'south';
    const sex = random.uniform() < 0.5 ? 'F' : 'M';
    const age = String(20 + random.below(60));
    const sure = 0.55 + 0.4 * random.uniform();
    const place = mixed(patient);
    return { view, label, isWrong, patient, site, sex, age, sure, place, other: random.below(2) };
  });
  const samples = drawn.map(({ view, label, patient, site, sex, age, other }, i) =>
    sample(`s${i}`, task === 'multi-class' ? [classes[label] ?? null] : [String(label), String(other)], {
      group: `p${patient}`,
      metadata: { view, site, sex, age },
    }),
  );
  const plain =
    task === 'multi-class'
      ? multiClass(samples, classes)
      : multiLabel(samples, [{ name: 'Mass' }, { name: 'Edema' }]);
  const dataset = { ...plain, metadataColumns: ['view', 'site', 'sex', 'age'] };
  const probabilities = Float64Array.from(
    drawn.flatMap(({ label, isWrong, sure, other }) => {
      const says = isWrong ? 1 - label : label;
      if (task === 'multi-class') return says === 1 ? [1 - sure, sure] : [sure, 1 - sure];
      return [says === 1 ? sure : 1 - sure, other === 1 ? sure : 1 - sure];
    }),
  );
  const outputs = task === 'multi-class' ? classes : ['Mass', 'Edema'];
  const split = drawn.map(({ place }) => (place < 0.6 ? ('train' as const) : ('validation' as const)));
  return {
    dataset,
    assignment: { split, fold: Int32Array.from(split, (part) => (part === 'train' ? 0 : -1)), folds: 5 },
    labels: effectiveLabels(dataset, [], { disputed: 'exclude' }),
    run: {
      predictions: {
        outputs,
        probabilities,
        outOfFold: Uint8Array.from(split, (part) => (part === 'train' ? 1 : 0)),
        thresholds: task === 'multi-class' ? [] : [0.5, 0.5],
      },
      record: { run: 'planted' } as WholeRun['record'],
    },
    isWrong: (index) => drawn[index]?.isWrong === true,
  };
}

/** Uniform in [0, 1) by patient. */
function mixed(patient: number): number {
  return new SplitMix32(patient + 1).uniform();
}

/** overread.yaml with its defaults. */
export function checkedConfig(): ProjectConfig {
  const { config } = parseConfig('version: 1\nlabels:\n  classes: [normal, pneumonia]\n');
  if (!config) throw new Error('the configuration of the test is faulty');
  return config;
}
