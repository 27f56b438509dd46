/** The models of one reader: for each finding what became of the labels that were looked at, and what that says of the others. */
import type { EffectiveLabels } from '../../labels/effectiveLabels';
import { present } from '../../base/present';
import { givenTargets } from './givenTargets';
import type { Look } from './looks';
import { ReviewModel, type ReviewData, type Reviewed, type ReviewFit } from './reviewModel';
import { chooseStrength, strengths, type Foretold } from './strength';

/** Reviews that a fit is of, the latest: more change it little and take long. */
const mostReviewed = 600;

/** How many looks changed or kept the labels of a finding. */
export interface LookCounts {
  readonly changed: number;
  readonly kept: number;
}

interface FindingModel {
  readonly model: ReviewModel;
  readonly fits: readonly ReviewFit[];
  readonly strength: number;
  readonly codeOf: ReadonlyMap<number, number>;
}

export class ReaderModels {
  private readonly width: number;
  private readonly given: Int32Array;
  private readonly models = new Map<number, FindingModel | null>();
  private readonly reviewed: readonly (readonly Look[])[];

  /**
   * @param looks of the reader, in order
   * @param open items that may be looked at: the labels of a finding are those that occur among them and the looks
   * @param foretold by finding: what was said before of labels that were offered, where that is known
   */
  constructor(
    labels: EffectiveLabels,
    private readonly data: Omit<ReviewData, 'labels'>,
    looks: readonly Look[],
    private readonly open: readonly number[],
    private readonly foretold: (finding: number) => readonly Foretold[],
  ) {
    this.width = labels.dataset.findings.length;
    this.given = givenTargets(labels);
    this.reviewed = labels.dataset.findings.map((_, finding) =>
      looks.filter((look) => look.item % this.width === finding && this.counts(look)),
    );
  }

  /** Looks at a finding that say something. */
  countsOf(finding: number): LookCounts {
    const own = this.reviewed[finding] ?? [];
    const changed = own.filter((look) => look.changed === true).length;
    return { changed, kept: own.length - changed };
  }

  /** The C of a finding's model; null where there is none. */
  strengthOf(finding: number): number | null {
    return this.modelOf(finding)?.strength ?? null;
  }

  /** Whether the model has anything to go by for an item. */
  knows(item: number): boolean {
    return this.data.present[Math.floor(item / this.width)] === 1 && this.given[item]! >= 0;
  }

  /**
   * The probability that a look changes each label; NaN where its finding has no model, which takes one changed and one kept
   * label at least.
   */
  probabilities(items: readonly number[]): Float64Array {
    const found = this.byStrength(items, ({ fits, strength }) => [
      present(fits[strengths.findIndex((C) => C === strength)], 'the fit'),
    ]);
    return Float64Array.from(found, ([p = NaN]) => p);
  }

  /** The same by each of `strengths`; empty where there is no model. */
  allProbabilities(items: readonly number[]): readonly (readonly number[])[] {
    return this.byStrength(items, ({ fits }) => fits);
  }

  private byStrength(
    items: readonly number[],
    fitsOf: (model: FindingModel) => readonly ReviewFit[],
  ): number[][] {
    const found = items.map((): number[] => []);
    for (let finding = 0; finding < this.width; finding++) {
      const own = [...items.keys()].filter((n) => present(items[n], 'the item') % this.width === finding);
      const known = own.filter((n) => this.knows(present(items[n], 'the item')));
      const model = known.length > 0 ? this.modelOf(finding) : null;
      if (!model) continue;
      const asked = known.map((n) => {
        const item = present(items[n], 'the item');
        return { sample: Math.floor(item / this.width), label: model.codeOf.get(this.given[item]!) ?? 0 };
      });
      for (const fit of fitsOf(model)) {
        const p = model.model.probabilities(fit, asked);
        for (const [k, n] of known.entries()) found[n]?.push(p[k]!);
      }
    }
    return found;
  }

  /** Fitted when it is asked for first. */
  private modelOf(finding: number): FindingModel | null {
    const known = this.models.get(finding);
    if (known !== undefined) return known;
    const counts = this.countsOf(finding);
    const made = counts.changed > 0 && counts.kept > 0 ? this.fit(finding, counts) : null;
    this.models.set(finding, made);
    return made;
  }

  private fit(finding: number, counts: LookCounts): FindingModel {
    const occurring = new Set((this.reviewed[finding] ?? []).map(({ label }) => label));
    for (const item of this.open) {
      if (item % this.width === finding && this.given[item]! >= 0) occurring.add(this.given[item]!);
    }
    const codeOf = new Map([...occurring].sort((a, b) => a - b).map((label, code) => [label, code]));
    const model = new ReviewModel({ ...this.data, labels: Math.max(2, codeOf.size) });
    const reviewed = (this.reviewed[finding] ?? []).slice(-mostReviewed).map((look): Reviewed => ({
      sample: Math.floor(look.item / this.width),
      label: codeOf.get(look.label) ?? 0,
      changed: look.changed === true,
    }));
    const kernel = model.kernel(reviewed);
    const fits: ReviewFit[] = [];
    for (const C of strengths) fits.push(model.fit(reviewed, C, kernel, fits.at(-1)));
    return { model, fits, strength: chooseStrength(counts, this.foretold(finding)), codeOf };
  }

  private counts({ changed, independent, again, item }: Look): boolean {
    return changed !== null && independent && !again && this.knows(item);
  }
}
