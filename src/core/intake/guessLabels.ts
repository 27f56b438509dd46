/** Guesses where the labels are: one column of classes, of lists or of masks, or a column per class or finding. */
import { findingValue } from '../dataset/givenLabels';
import { isBracketed, listEntries, plainText } from '../table/cellText';
import { naturally } from '../images/imageTree';
import type { ColumnFacts } from './columnFacts';
import type { ColumnChoices, Doubt, Ignored } from './guessColumns';
import { isBox, isReader, noneNames } from './guessRows';
import { namesAPart } from './guessSplit';

interface ClassColumn {
  readonly column: string;
  readonly classes: readonly string[];
  /** What other texts of the column stand for. */
  readonly values?: Readonly<Record<string, string>>;
  readonly because: string;
}

export type LabelGuess =
  | (ClassColumn & { readonly kind: 'classes' })
  | (ClassColumn & { readonly kind: 'mask' })
  | {
      readonly kind: 'list';
      readonly column: string;
      readonly separator: string;
      readonly none: string | undefined;
      readonly findings: readonly string[];
      readonly because: string;
    }
  | { readonly kind: 'one-hot'; readonly classes: readonly string[]; readonly because: string }
  | { readonly kind: 'columns'; readonly findings: readonly string[]; readonly because: string };

/** The labels, and what was seen on the way to them. */
export interface LabelFindings {
  readonly labels: LabelGuess | undefined;
  readonly doubts: readonly Doubt[];
  readonly ignored: readonly Ignored[];
}

const labelNames = [
  'label', 'labels', 'class', 'classname', 'classlabel', 'target', 'diagnosis', 'dx', 'category', 'findinglabels',
  'findings', 'finding', 'groundtruth', 'gt', 'y', 'grade', 'severity',
]; // prettier-ignore

/** Columns of numbers or yes and no that say something else about a person or an image. */
const otherNames =
  /^(?:(?:patient|person|image|study|is|has)?(?:age|ages|ageapprox|agegroup|sex|gender|male|female|ismale|isfemale|view|viewposition|position|frontal|lateral|frontallateral|appa|projection|laterality|side|leftright|eye|implants?|biopsy|biopsied|pregnant|smoker|smoking|ethnicity|race|followup|height|width|weight|rows|columns|fold|index|quality|modality|machine|site|manufacturer|difficult.*)|unnamed.*|column\d+|.*id|id)$/;

/** More distinct texts than this are no classes. */
const mostClasses = 100;
const separators = ['|', ';', ','] as const;
const maskText = /^\d+ \d+(?: \d+ \d+)*$/;

/**
 * @param free the columns that have no other meaning
 * @param all every column, for those that the user names
 */
export function guessLabels(
  free: readonly ColumnFacts[],
  all: readonly ColumnFacts[],
  choices: ColumnChoices,
): LabelFindings {
  const search = new LabelSearch(choices);
  const labels = search.find(free, all);
  return { labels, doubts: search.doubts, ignored: search.ignored };
}

class LabelSearch {
  readonly doubts: Doubt[] = [];
  readonly ignored: Ignored[] = [];

  constructor(private readonly choices: ColumnChoices) {}

  find(free: readonly ColumnFacts[], all: readonly ColumnFacts[]): LabelGuess | undefined {
    const { label, findings } = this.choices;
    if (label !== undefined) {
      const column = all.find(({ name }) => name === label);
      // A column that is not there is reported when the table is read with it.
      if (!column) return { kind: 'classes', column: label, classes: ['?'], because: 'you said so' };
      return this.fromOneColumn(column, 'you said so');
    }
    if (findings && findings.length > 0) return { kind: 'columns', findings, because: 'you said so' };
    const candidates = free.filter((column) => this.mayBeLabel(column));
    return this.byName(candidates) ?? this.fromFindings(candidates) ?? this.fromTheOnlyOne(candidates);
  }

  /** Notes why a column that looks like labels is none. */
  private mayBeLabel(column: ColumnFacts): boolean {
    if (isReader(column) || isBox(column)) return false;
    if (namesAPart(column) && column.isFinding) {
      this.ignored.push({ column: column.name, because: 'its name speaks of a part of the split' });
      return false;
    }
    if (!otherNames.test(column.plainName)) return true;
    if (column.isFinding && column.distinct > 1) {
      this.ignored.push({ column: column.name, because: 'it describes the person or the picture' });
    }
    return false;
  }

  private byName(candidates: readonly ColumnFacts[]): LabelGuess | undefined {
    for (const name of labelNames) {
      const column = candidates.find(
        (one) => one.plainName === name && one.distinct > 0 && one.imageNames < 0.5,
      );
      const guess = column && this.fromOneColumn(column, 'of its name');
      if (guess) return guess;
      if (column) {
        const because = `it has ${column.distinct} distinct texts, and more than ${mostClasses} are no classes`;
        this.ignored.push({ column: column.name, because });
      }
    }
    return undefined;
  }

  private fromFindings(candidates: readonly ColumnFacts[]): LabelGuess | undefined {
    const findings = candidates.filter((column) => column.isFinding);
    const few = candidates.filter(({ nearlyFinding }) => nearlyFinding.length > 0);
    for (const column of findings.length > 0 ? few : []) this.doubts.push(nearlyFits(column));
    if (findings.length > 1) {
      const names = findings.map(({ name }) => name);
      const oneHot = exclusiveRows(findings);
      if (oneHot.odd === 0) {
        return {
          kind: 'one-hot',
          classes: names,
          because: `exactly one of these ${findings.length} columns is 1 in every row: classes that exclude each other (--findings makes them independent)`,
        };
      }
      if (oneHot.odd <= 0.01 * oneHot.rows) {
        this.doubts.push({
          message: `All but ${oneHot.odd} of ${oneHot.rows} rows have exactly one 1 in ${names.join(', ')} (first row ${oneHot.first + 2}): they are taken as independent findings`,
          field: names[0] ?? '',
          fix: 'If they exclude each other, correct these rows and run init again.',
        });
      }
      return {
        kind: 'columns',
        findings: names,
        because: `these ${findings.length} columns hold only 1, 0, -1 or nothing`,
      };
    }
    const [single] = findings;
    return single && single.distinct > 1
      ? this.fromOneColumn(single, 'it is the only column of 1 and 0')
      : undefined;
  }

  private fromTheOnlyOne(candidates: readonly ColumnFacts[]): LabelGuess | undefined {
    const few = candidates.filter(
      (column) =>
        isMaskColumn(column) || (column.distinct > 1 && column.distinct <= 20 && column.filled > 0.9),
    );
    const [only] = few;
    return few.length === 1 && only
      ? this.fromOneColumn(only, 'it is the only column with a few distinct texts')
      : undefined;
  }

  private fromOneColumn(column: ColumnFacts, because: string): LabelGuess | undefined {
    if (isMaskColumn(column)) return masks(column, because);
    const separator = this.choices.separator ?? this.separatorOf(column);
    this.noteMissing(column);
    if (separator !== undefined) return fromList(column, separator, this.choices.findings, because);
    if (column.distinct > mostClasses) return undefined;
    const { classes, values } = joinSpellings(column);
    const joined = Object.entries(values);
    if (joined.length > 0) {
      const shown = joined
        .map(([from, to]) => `${JSON.stringify(from)} is ${JSON.stringify(to)}`)
        .slice(0, 10);
      this.doubts.push({
        message: `Classes of "${column.name}" that differ only in case, spaces or the spelling of a number are taken as one: ${shown.join(', ')}`,
        field: column.name,
        fix: 'If they are different classes, list each in labels.classes and take it out of labels.values.',
      });
    }
    return {
      kind: 'classes',
      column: column.name,
      classes,
      ...(joined.length > 0 ? { values } : {}),
      because: `${because}; ${classes.length} distinct texts`,
    };
  }

  private noteMissing(column: ColumnFacts): void {
    const texts = [...column.missing];
    if (texts.length === 0) return;
    const cells = texts.map(
      ([text, count]) => `${count} of ${column.rows} cells are ${JSON.stringify(text)}`,
    );
    this.doubts.push({
      message: `"${column.name}": ${cells.join(', ')}, which is taken for no label`,
      field: column.name,
      fix: 'If that is a class, add it to labels.classes in overread.yaml.',
    });
  }

  private separatorOf(column: ColumnFacts): string | undefined {
    const bracketed = column.values.filter(isBracketed).length;
    if (bracketed > 0 && bracketed >= 0.9 * column.values.length) return ',';
    const found = separators.find((candidate) => isList(column, candidate));
    if (found !== undefined) return found;
    for (const separator of separators) {
      const compound = column.values.find((text) => text.includes(separator));
      if (compound === undefined || column.distinct > mostClasses) continue;
      this.doubts.push({
        message: `${JSON.stringify(compound)} in "${column.name}" is taken as one class: parts of it never stand alone`,
        field: column.name,
        fix: `If the cells are lists, use --separator ${JSON.stringify(separator)}.`,
      });
      return undefined;
    }
    return undefined;
  }
}

function nearlyFits(column: ColumnFacts): Doubt {
  const odd = column.nearlyFinding;
  const [first] = odd;
  const row = column.cells.findIndex((cell) => cell === first) + 2;
  const shown = odd.slice(0, 5).map((text) => JSON.stringify(text));
  return {
    message: `"${column.name}" is nearly a finding, but for ${shown.join(', ')}${odd.length > 5 ? ', …' : ''} (first row ${row}): it is not used`,
    field: column.name,
    fix: 'Correct these cells, or name the findings with --findings: rows with such cells are left out then.',
  };
}

/** Rows with another number of 1 than one, or with something that is neither 1 nor 0. */
function exclusiveRows(findings: readonly ColumnFacts[]): { odd: number; first: number; rows: number } {
  const rows = findings[0]?.cells.length ?? 0;
  let odd = 0;
  let first = -1;
  for (let row = 0; row < rows; row++) {
    let ones = 0;
    let others = 0;
    for (const { cells } of findings) {
      const value = findingValue(cells[row] ?? '');
      if (value === '1') ones++;
      else if (value !== '0') others++;
    }
    if (ones === 1 && others === 0) continue;
    odd++;
    if (first < 0) first = row;
  }
  return { odd, first, rows };
}

/** Run lengths, `start length start length`, beside -1 or nothing for images without a mask (SIIM-ACR). */
function isMaskColumn(column: ColumnFacts): boolean {
  const texts = [...column.counts.keys()];
  return (
    texts.some((text) => maskText.test(text)) && texts.every((text) => maskText.test(text) || text === '-1')
  );
}

function masks(column: ColumnFacts, because: string): LabelGuess {
  const empty = column.cells.some((cell) => cell === null);
  return {
    kind: 'mask',
    column: column.name,
    classes: ['no mask', 'mask'],
    values: { ...(empty ? { '': 'no mask' } : {}), '-1': 'no mask', '*': 'mask' },
    because: `${because}, and its cells are run lengths of masks or -1: the label is whether there is a mask`,
  };
}

function fromList(
  column: ColumnFacts,
  separator: string,
  asked: readonly string[] | undefined,
  because: string,
): LabelGuess {
  const entries = [...new Set([...column.counts.keys()].flatMap((text) => listEntries(text, separator)))];
  const none = entries.find((entry) => noneNames.test(entry));
  return {
    kind: 'list',
    column: column.name,
    separator,
    none,
    findings: asked ?? entries.filter((entry) => entry !== none).sort(naturally),
    because: `${because}, and its cells are lists such as ${example(column, separator)}`,
  };
}

/**
 * A list column has cells with the separator, far fewer distinct entries than distinct cells, and, but for the bar,
 * which is in no name, entries that also stand alone or beside others: "Pneumonia, viral" is one class.
 */
function isList(column: ColumnFacts, separator: string): boolean {
  const texts = [...column.counts];
  const compound = texts.filter(([text]) => text.includes(separator));
  const all = texts.reduce((sum, [, count]) => sum + count, 0);
  if (compound.reduce((sum, [, count]) => sum + count, 0) < Math.max(1, 0.002 * all)) return false;
  const entries = new Set(texts.flatMap(([text]) => listEntries(text, separator)));
  if (entries.size > mostClasses || entries.size > column.distinct) return false;
  return (
    separator === '|' ||
    entriesStandAlone(
      column,
      compound.map(([text]) => text),
      separator,
    )
  );
}

function entriesStandAlone(column: ColumnFacts, compound: readonly string[], separator: string): boolean {
  const lists = new Map<string, number>();
  for (const text of compound) {
    for (const entry of new Set(listEntries(text, separator))) lists.set(entry, (lists.get(entry) ?? 0) + 1);
  }
  const supported = [...lists].filter(([entry, count]) => column.counts.has(entry) || count > 1);
  return supported.length >= 0.9 * lists.size;
}

/** Texts that are the same but for case, spaces or the spelling of a number: the most frequent stands for all. */
function joinSpellings(column: ColumnFacts): {
  readonly classes: readonly string[];
  readonly values: Readonly<Record<string, string>>;
} {
  const best = new Map<string, string>();
  const count = (text: string): number => column.counts.get(text) ?? 0;
  for (const text of column.values) {
    const known = best.get(plainText(text));
    if (known === undefined || count(text) > count(known)) best.set(plainText(text), text);
  }
  const classes = column.values.filter((text) => best.get(plainText(text)) === text);
  const others = column.values.filter((text) => best.get(plainText(text)) !== text);
  return {
    classes,
    values: Object.fromEntries(others.map((text) => [text, best.get(plainText(text)) ?? text])),
  };
}

function example(column: ColumnFacts, separator: string): string {
  return [...column.counts.keys()].find((text) => text.includes(separator)) ?? column.example;
}
