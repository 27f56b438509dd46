/** Numbers and texts as the reviewer's language writes them. */
import type { ItemScore, LabelValue, ProjectSummary } from '../../src/protocol/engineApi';
import { fill, type Plural } from '../texts';
import type { GridStrings } from './strings';

/** The formatters of one language. */
export class Formatter {
  private readonly whole: Intl.NumberFormat;
  private readonly percents: Intl.NumberFormat;
  private readonly decimals: Intl.NumberFormat;
  private readonly hundredths: Intl.NumberFormat;
  private readonly times: Intl.DateTimeFormat;
  private readonly rules: Intl.PluralRules;

  /** @param language BCP 47; the runtime's default where it is not known */
  constructor(
    readonly strings: GridStrings,
    language: string,
  ) {
    const locale = supportedLanguage(language);
    this.whole = new Intl.NumberFormat(locale);
    this.percents = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
    this.decimals = new Intl.NumberFormat(locale, { minimumFractionDigits: 3, maximumFractionDigits: 3 });
    this.hundredths = new Intl.NumberFormat(locale, {
      minimumFractionDigits: 2,
      maximumFractionDigits: 2,
    });
    this.times = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
    this.rules = new Intl.PluralRules(locale);
  }

  count(n: number): string {
    return this.whole.format(n);
  }

  /** "1 error", "37 errors": the form that `n` needs, with `n` as the language groups digits. */
  plural(forms: Plural, n: number, values: Readonly<Record<string, string | number>> = {}): string {
    const category = this.rules.select(n);
    const form = category === 'zero' || category === 'two' ? forms.other : (forms[category] ?? forms.other);
    return fill(form, { ...values, n: this.count(n) });
  }

  /** `3 images`; with several findings an item is one finding of an image: `3 findings`. */
  units(n: number, multiLabel: boolean): string {
    const { image, item } = this.strings.units;
    return this.plural(multiLabel ? item : image, n);
  }

  /** What an image is called: its file, or its place in the list where the path is hidden. */
  imageName(path: string, index: number): string {
    if (path === '') return fill(this.strings.imageNumber, { n: this.count(index + 1) });
    return path.slice(path.lastIndexOf('/') + 1);
  }

  failed(message: string): string {
    return fill(this.strings.said.failed, { message });
  }

  /** A probability in [0, 1] as whole percent; never "100 %" or "0 %" for what is not quite certain. */
  percent(p: number): string {
    const shown = p > 0.99 && p < 1 ? 0.99 : p < 0.01 && p > 0 ? 0.01 : p;
    const sign = p > 0.99 && p < 1 ? '>' : p < 0.01 && p > 0 ? '<' : '';
    return sign + this.percents.format(shown);
  }

  /** A probability beside its threshold: two digits, and never 1.00 or 0.00 for what is not quite certain. */
  probability(p: number): string {
    const shown = p > 0.99 && p < 1 ? 0.99 : p < 0.01 && p > 0 ? 0.01 : p;
    const sign = p > 0.99 && p < 1 ? '>' : p < 0.01 && p > 0 ? '<' : '';
    return sign + this.hundredths.format(shown);
  }

  /** Any ratio as whole percent: a zoom. */
  percentOver(ratio: number): string {
    return this.percents.format(ratio);
  }

  decimal(value: number): string {
    return this.decimals.format(value);
  }

  /** A score as it is read. */
  score(value: number, format: ItemScore['format']): string {
    if (format === 'percent') return this.percent(value);
    return format === 'decimal' ? this.decimal(value) : this.count(value);
  }

  /** An ISO 8601 time in the reader's own zone; what cannot be read is shown as it is. */
  time(iso: string): string {
    const time = new Date(iso);
    return Number.isNaN(time.getTime()) ? iso : this.times.format(time);
  }

  /** The words for a label value. Class names stand for themselves; a multi-label 1 is "present". */
  value(value: LabelValue, multiLabel: boolean): string {
    if (value === null) return multiLabel ? this.strings.unmentioned : this.strings.unlabelledValue;
    if (value === 'uncertain') return this.strings.uncertainValue;
    if (!multiLabel) return value;
    if (value === '1') return this.strings.present;
    return value === '0' ? this.strings.absent : value;
  }

  /** The words for the label of an item: of one that is uncertain also what it was before. */
  label(value: LabelValue, previous: LabelValue | undefined, multiLabel: boolean): string {
    const words = this.value(value, multiLabel);
    const isKnown = value === 'uncertain' && previous !== undefined && previous !== null;
    return isKnown ? fill(this.strings.uncertainWas, { value: this.value(previous, multiLabel) }) : words;
  }
}

/** The values that the number keys give: those of the finding looked at, or of the first. */
export function valuesByKey(
  project: Pick<ProjectSummary, 'findings' | 'valuesByKey'> | null,
  finding: string | undefined,
): readonly string[] {
  const index = project?.findings.findIndex(({ name }) => name === finding) ?? -1;
  return project?.valuesByKey[Math.max(0, index)] ?? [];
}

function supportedLanguage(language: string): string | undefined {
  try {
    return Intl.NumberFormat.supportedLocalesOf(language)[0];
  } catch {
    return undefined;
  }
}
