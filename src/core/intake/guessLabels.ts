/** Guesses where the labels are: one column of classes, of lists or of masks, or a column per class or finding. */
import { isBracketed } from '../table/cellText';
import type { ColumnFacts } from './columnFacts';
import type { ColumnChoices, Doubt, Ignored } from './guessColumns';
import { isBox, isReader } from './guessRows';
import { namesAPart } from './guessSplit';
import {
  exclusiveRows,
  fewSlips,
  fromList,
  fromSingleEntries,
  isList,
  isMaskColumn,
  joinSpellings,
  masks,
  mostClasses,
  separators,
  type LabelGuess,
} from './labelTexts';

/** The labels, and what was seen on the way to them. */
export interface LabelFindings {
  readonly labels: LabelGuess | undefined;
  readonly doubts: readonly Doubt[];
  readonly ignored: readonly Ignored[];
}

const labelNames = [
  'label', 'labels', 'class', 'classname', 'classlabel', 'target', 'diagnosis', 'dx', 'category', 'findinglabels',
  'findings', 'finding', 'groundtruth', 'gt', 'y', 'grade', 'severity', 'diagnostic', 'pathology', 'histopathology',
  'disease',
]; // prettier-ignore

/** Columns of numbers or yes and no that say something else about a person or an image. */
const otherNames =
  /^(?:(?:patient|person|image|study|is|has)?(?:age|ages|ageapprox|agegroup|sex|gender|male|female|ismale|isfemale|view|viewposition|position|frontal|lateral|oblique|frontallateral|appa|projection|laterality|side|leftright|eye|implants?|hardware|biopsy|biops(?:i?ed)|hand|arm|leg|foot|elbow|wrist|finger|forearm|humerus|shoulder|hip|knee|ankle|spine|multiscan|pregnant|smoker|smoking|ethnicity|race|followup|height|width|weight|rows|columns|fold|index|quality|modality|machine|site|manufacturer|difficult.*)|unnamed.*|column\d+|.*id|id)$/;

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

/** Columns that are named where each of several may be the label. */
const mostNamed = 8;

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
      if (oneHot.odd <= fewSlips * oneHot.rows) {
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
    if (few.length === 1 && only)
      return this.fromOneColumn(only, 'it is the only column with a few distinct texts');
    for (const { name, values } of few.slice(0, mostNamed)) {
      const shown = `${values.slice(0, 3).join(', ')}${values.length > 3 ? ', …' : ''}`;
      this.ignored.push({ column: name, because: `one of ${few.length} that may be the label (${shown})` });
    }
    return undefined;
  }

  private fromOneColumn(column: ColumnFacts, because: string): LabelGuess | undefined {
    if (isMaskColumn(column)) return masks(column, because);
    const separator = this.choices.separator ?? this.separatorOf(column);
    const singles = fromSingleEntries(column, because);
    if (singles) return singles;
    const onlyTwo = separator === undefined ? this.withNone(column, because) : undefined;
    if (onlyTwo) return onlyTwo;
    if (separator === undefined && column.distinct > mostClasses) {
      const because = `it has ${column.distinct} distinct texts, and more than ${mostClasses} are no classes`;
      this.ignored.push({ column: column.name, because });
      return undefined;
    }
    this.noteMissing(column);
    if (separator !== undefined) return fromList(column, separator, this.choices.findings, because);
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

  /** "None" beside one class only is what that class is told from. */
  private withNone(column: ColumnFacts, because: string): LabelGuess | undefined {
    const none = [...column.missing.keys()].filter((text) => /^none$/i.test(text));
    const [name] = none;
    const [other] = column.values;
    if (column.distinct !== 1 || none.length !== 1 || name === undefined || other === undefined)
      return undefined;
    this.doubts.push({
      message: `"${name}" in "${column.name}" is taken as a class, because no other is left beside ${other}`,
      field: column.name,
      fix: 'If it means that there is no label, the table has one class only.',
    });
    return {
      kind: 'classes',
      column: column.name,
      classes: [other, name],
      because: `${because}; 2 distinct texts`,
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
