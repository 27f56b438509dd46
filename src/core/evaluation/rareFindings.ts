/**
 * Findings that are too rare to judge: with fewer than ten positive patients in the training part there is no threshold
 * worth the name, so that an outcome says little. Classes of a multi-class project have no threshold and are always
 * judged.
 */
import type { Pieces } from '../base/pieces';
import type { SplitAssignment } from '../dataset/model';
import type { EffectiveLabels } from '../labels/effectiveLabels';
import { judgedFrom } from '../training/thresholds';

/** Samples whose patient is looked up in one piece. */
const samplesAtOnce = 4096;

export class RareFindings {
  private readonly findings: number;
  /** Positive items by finding and patient. */
  private readonly positives: Int32Array;
  /** Patients with a positive item, by finding. */
  private readonly counts: Int32Array;

  /**
   * @param patientOf the patient of each sample of the training part; -1 elsewhere. Empty where nothing is ever too rare
   * @param patients how many there are
   */
  private constructor(
    { dataset }: Pick<EffectiveLabels, 'dataset'>,
    private readonly patientOf: Int32Array,
    private readonly patients: number,
  ) {
    this.findings = dataset.findings.length;
    this.positives = new Int32Array(this.findings * patients);
    this.counts = new Int32Array(this.findings);
  }

  /** Of no item yet, in pieces. */
  static *of(labels: Pick<EffectiveLabels, 'dataset'>, assignment: SplitAssignment): Pieces<RareFindings> {
    const { samples, task } = labels.dataset;
    if (task === 'multi-class') return new RareFindings(labels, new Int32Array(0), 0);
    const numbers = new Map<string, number>();
    const patientOf = new Int32Array(samples.length);
    for (const [i, { group }] of samples.entries()) {
      if (i % samplesAtOnce === 0) yield;
      patientOf[i] = -1;
      if (assignment.split[i] !== 'train') continue;
      const known = numbers.get(group) ?? numbers.size;
      numbers.set(group, known);
      patientOf[i] = known;
    }
    return new RareFindings(labels, patientOf, numbers.size);
  }

  /** Whether a finding is too rare as the items counted so far have it. */
  isRare(finding: number): boolean {
    return this.patientOf.length > 0 && this.counts[finding]! < judgedFrom;
  }

  /** Patients of the training part with a positive item that was counted. */
  patientsWith(finding: number): number {
    return this.counts[finding]!;
  }

  /** Counts an item whose target is positive (1) or no longer is (-1). */
  count(item: number, by: 1 | -1): void {
    const finding = item % this.findings;
    const patient = this.patientOf[(item - finding) / this.findings] ?? -1;
    if (patient < 0) return;
    const at = finding * this.patients + patient;
    const before = this.positives[at]!;
    this.positives[at] = before + by;
    if (before === 0) this.counts[finding]!++;
    else if (before + by === 0) this.counts[finding]!--;
  }
}
