/** The self-test of the backbone: whether the features that it gave can say anything. From the cache; nothing is computed anew. */
import { counted } from '../../base/counted';
import { SplitMix32 } from '../../base/random';
import { shownValue } from '../../base/visibleText';
import type { Project } from '../../project/project';
import type { CheckContext } from '../checkTable';
import { letBe, sampleCheck } from '../groupCheck';
import type { Check, CheckFix } from '../model';
import type { CheckedFeatures } from '../similar/features';
import { easyGroups, type EasyGroup } from './easyGroups';
import { featureFaults } from './featureFaults';
import { probe, type Probe } from './probe';

/** The share of features that say nothing from which it is told. */
const silent = 0.5;
/** Fewer images, or fewer of a group, are told from others by luck. */
const fewest = { images: 60, ofGroup: 15 } as const;
/** Images that are probed at most, drawn. */
const mostProbed = 4000;

const others: CheckFix = {
  title: 'Choose other weights or another architecture, and compute the features again',
  command: 'overread models',
};

export async function backboneChecks(context: CheckContext): Promise<Check[]> {
  const { project } = context;
  const found = await context.features();
  // Why there are none is told with the near duplicates.
  if (found === null || typeof found === 'string') return [];
  const { features, dim, present, weights } = found;
  const name = weights.identity.name;
  const { broken, constant, saturated } = featureFaults(features, dim, present);
  const checks: Check[] = [];
  if (broken.length > 0) {
    checks.push(
      sampleCheck(project, broken, null, {
        ...{ code: 'OVR320', kind: 'backbone', severity: 'error' },
        message: `${name} gave features that are no numbers for ${counted(broken.length, 'image')}`,
        fixes: [
          { title: 'Look at these images; leave them out', command: 'overread exclude DIR SAMPLES' },
          others,
        ],
      }),
    );
  }
  if (constant >= silent) {
    checks.push(
      ofSet(
        project,
        constant === 1 ? 'error' : 'warning',
        `${percent(constant)} of the features of ${name} are the same for all images`,
      ),
    );
  } else if (saturated >= silent) {
    checks.push(
      ofSet(
        project,
        'warning',
        `${percent(saturated)} of the features of ${name} have their greatest value in nine of ten images: they are saturated`,
      ),
    );
  }
  // What was told explains a failing probe.
  return checks.length > 0 ? checks : probeCheck(project, found, name);
}

function probeCheck(project: Project, found: CheckedFeatures, name: string): Check[] {
  const probed = easyGroups(project).flatMap((group) => {
    const of = probeGroup(project, found, group);
    return of ? [{ name: group.name, ...of }] : [];
  });
  if (probed.length === 0 || probed.some(({ auroc, shuffled }) => auroc > shuffled)) return [];
  const best = probed.toSorted((a, b) => b.auroc - a.auroc).slice(0, 3);
  const told = best.map(
    (one) =>
      `${shownValue(one.name)} AUROC ${one.auroc.toFixed(2)}, shuffled up to ${one.shuffled.toFixed(2)}`,
  );
  return [
    ofSet(
      project,
      'warning',
      `The features of ${name} tell nothing that is known of the images better than chance (${told.join('; ')}): are the weights those of this network?`,
    ),
  ];
}

/** null where there are too few images. */
function probeGroup(
  { dataset }: Project,
  { space, features, dim, present }: CheckedFeatures,
  { of }: EasyGroup,
): Probe | null {
  if (!space) return null;
  const { components } = space;
  const random = new SplitMix32(5);
  const known = [...of.keys()].filter(
    (i) => of[i]! >= 0 && present[i] === 1 && Number.isFinite(features[i * dim]),
  );
  const drawn = random.shuffle(known).slice(0, mostProbed);
  const positives = drawn.filter((i) => of[i] === 1).length;
  if (drawn.length < fewest.images || Math.min(positives, drawn.length - positives) < fewest.ofGroup)
    return null;
  const halves = new Map<string, number>();
  const halfOf = (i: number): number => {
    const patient = dataset.samples[i]?.group ?? '';
    const known = halves.get(patient) ?? random.below(2);
    halves.set(patient, known);
    return known;
  };
  const rows = new Float32Array(drawn.length * components.dim);
  for (const [to, i] of drawn.entries()) {
    rows.set(components.rows.subarray(i * components.dim, (i + 1) * components.dim), to * components.dim);
  }
  return probe({
    rows,
    dim: components.dim,
    positive: Uint8Array.from(drawn, (i) => of[i]!),
    half: Uint8Array.from(drawn, halfOf),
  });
}

const percent = (share: number): string => `${Math.round(100 * share)} %`;

function ofSet({ config }: Project, severity: Check['severity'], message: string): Check {
  return {
    ...{ code: 'OVR320', kind: 'backbone', severity, samples: [], score: null, message },
    fixes: [others, letBe('OVR320')],
    place: { file: config.dataset.table },
  };
}
