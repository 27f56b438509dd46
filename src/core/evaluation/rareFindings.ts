/**
 * Findings that are too rare to judge: with fewer than ten positive patients in the training part there is no threshold
 * worth the name, so that an outcome says little. Classes of a multi-class project have no threshold and are always
 * judged.
 */
import type { SplitAssignment } from '../dataset/model';
import type { EffectiveLabels } from '../labels/effectiveLabels';
import { judgedFrom } from '../training/thresholds';

export class RareFindings {
  private readonly findings: number;
  /** The patient of each sample of the training part; -1 elsewhere. Empty where nothing is ever too rare. */
  private readonly patientOf: Int32Array;
  private readonly patients: number;
  /** Positive items by finding and patient. */
  private readonly positives: Int32Array;
  /** Patients with a positive item, by finding. */
  private readonly counts: Int32Array;

  constructor({ dataset }: Pick<EffectiveLabels, 'dataset'>, assignment: SplitAssignment) {
    this.findings = dataset.findings.length;
    const numbers = new Map<string, number>();
    this.patientOf =
      dataset.task === 'multi-class'
        ? new Int32Array(0)
        : Int32Array.from(dataset.samples, ({ group }, i) => {
            if (assignment.split[i] !== 'train') return -1;
            const known = numbers.get(group) ?? numbers.size;
            numbers.set(group, known);
            return known;
          });
    this.patients = numbers.size;
    this.positives = new Int32Array(this.findings * this.patients);
    this.counts = new Int32Array(this.findings);
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
