/** The values of each finding as codes: those of the dataset first, then whatever else events bring. */
import { none } from './batches';
import type { LabelRules } from './model';
import type { TextNumbers } from './textNumbers';
import { uncertainValue } from '../config/model';
import type { Dataset, LabelValue } from '../dataset/model';
import { present } from '../base/present';

export class ValueCodes {
  readonly values: readonly string[][];
  private readonly codes: readonly Map<string, number>[];
  /** Per finding: the code of each text number. */
  private readonly codeOfText: readonly Map<number, number>[];

  constructor(
    private readonly dataset: Dataset,
    private readonly texts: TextNumbers,
    private readonly renamed: LabelRules['renamed'],
  ) {
    this.values = dataset.findings.map((finding) => [...finding.values]);
    this.codes = this.values.map((values) => new Map(values.map((value, code) => [value, code])));
    this.codeOfText = this.values.map(() => new Map());
  }

  /** The code of a value; `none` for null. */
  of(finding: number, value: LabelValue): number {
    if (value === null) return none;
    const codes = present(this.codes[finding], 'the finding');
    const known = codes.get(value);
    if (known !== undefined) return known;
    // A value that the configuration no longer lists: kept and shown, but no target (buildTargets masks it).
    const code = present(this.values[finding], 'the finding').push(value) - 1;
    codes.set(value, code);
    return code;
  }

  /** The code of what an event gives, by text number; a value that is listed no more may have a new name. */
  ofText(finding: number, text: number): number {
    if (text === none) return none;
    const codes = present(this.codeOfText[finding], 'the finding');
    let code = codes.get(text);
    if (code === undefined) {
      const value = this.texts.text(text);
      const listed = present(this.dataset.findings[finding], 'the finding');
      const renamed = this.isListed(finding, value) ? value : this.renamed?.(listed.name, value);
      code = this.of(finding, renamed === undefined ? value : renamed);
      codes.set(text, code);
    }
    return code;
  }

  /** Whether a code is a value that no answer can give any more. */
  isUnlisted(finding: number, code: number): boolean {
    return code !== none && !this.isListed(finding, present(this.values[finding]?.[code], 'the value'));
  }

  private isListed(finding: number, value: string): boolean {
    const { task, findings } = this.dataset;
    const listed = findings[finding]?.values.includes(value) === true;
    return listed || (task === 'multi-class' && value === uncertainValue);
  }
}
