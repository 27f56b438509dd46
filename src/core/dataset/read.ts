/** The user's table as a dataset: every row checked, the broken ones reported and left out. */
import { OverreadError } from '../base/errors';
import { atOnce, inTurns, ofRanges, ownTurns, type Pieces, type Turns } from '../base/pieces';
import type { Problem } from '../base/report';
import { columnOf } from '../table/columns';
import type { ProjectConfig } from '../config/config';
import { readJoinedTable } from './joinedTable';
import { makeLabelReader, type LabelReader } from './givenLabels';
import type { Dataset, Sample } from './model';
import { didYouMean } from '../base/suggest';
import { reportPatients } from './patients';
import { ProblemList } from './problemList';
import { RepeatedRows } from './repeatedRows';
import { SampleReader } from './sampleReader';
import { TableReadings } from './tableReadings';
import type { TextTable } from '../table/table';

/** Read in one piece: each takes some microseconds. */
const rowsAtOnce = 512;

/**
 * Reads the table of a project. 112,120 rows of NIH ChestX-ray14 take well under a second, in turns.
 * Rows with a fault (no path, duplicate, unknown class or value, too many cells) are left out and reported.
 * @throws OverreadError OVR200 (unreadable), OVR201 (column missing), OVR202 (no usable row)
 */
export async function readDataset(
  root: string,
  config: ProjectConfig,
  turns: Turns = ownTurns,
): Promise<{ dataset: Dataset; problems: Problem[] }> {
  const { table, problems: ofJoins } = await readJoinedTable(root, config);
  const { dataset, problems } = await inTurns(readingTable(table, config), turns);
  return { dataset, problems: [...ofJoins, ...problems] };
}

/** The same for a table that was read already. */
export function datasetFromTable(
  table: TextTable,
  config: ProjectConfig,
): { dataset: Dataset; problems: Problem[] } {
  return atOnce(readingTable(table, config));
}

function* readingTable(
  table: TextTable,
  config: ProjectConfig,
): Pieces<{ dataset: Dataset; problems: Problem[] }> {
  const faults = new ProblemList();
  const labels = makeLabelReader(table, config);
  const repeats = new RepeatedRows(config);
  const readings =
    config.labels.rows === 'readings' ? new TableReadings(config.labels.task, labels.findings) : undefined;
  const rows = new SampleReader(table, config, labels, { repeats, readings }, faults);
  yield;
  reportNotes(faults, table);
  reportRejected(faults, table);
  const read: Sample[] = [];
  const take = (from: number, to: number): void => {
    for (let i = from; i < to; i++) {
      const sample = rows.read(i);
      if (sample) read.push(sample);
    }
  };
  yield* ofRanges(table.rowCount, take, rowsAtOnce);
  if (read.length === 0) throw nothingUsable(table, faults);
  const several = readings ?? repeats;
  const samples = several.applyTo(read);
  yield;
  several.report(faults, table, config.dataset.id ?? config.dataset.path);
  if (config.dataset.group !== null) yield* reportPatients(faults, table, config.dataset.group, samples);
  reportGroups(faults, table, config, rows.withoutGroup);
  reportBlindColumns(faults, table, config);
  reportOtherEntries(faults, table, config, labels);
  return {
    dataset: {
      task: config.labels.task,
      findings: labels.findings,
      samples,
      metadataColumns: rows.metadataColumns,
    },
    problems: faults.problems,
  };
}

/** How the table was read, where that was a guess. */
function reportNotes(faults: ProblemList, table: TextTable): void {
  for (const note of table.notes ?? []) {
    faults.add('info', 'OVR200', () => ({
      message: `The table was read by a guess: ${note}`,
      place: { file: table.file },
      fix: 'If letters or columns are wrong, save it as "CSV UTF-8".',
    }));
  }
}

function reportRejected(faults: ProblemList, table: TextTable): void {
  for (const { line, reason } of table.rejected) {
    faults.add('error', 'OVR200', () => ({
      message: `The row is no row of this table: ${reason}`,
      place: { file: table.file, row: line },
      fix: 'It is left out. Correct it in the table.',
    }));
  }
}

function nothingUsable(table: TextTable, faults: ProblemList): OverreadError {
  const first = faults.problems.find(({ severity }) => severity === 'error');
  return new OverreadError({
    code: 'OVR202',
    message: `None of the ${table.rowCount + table.rejected.length} rows of the table can be used. The first fault: ${first?.message ?? ''}`,
    place: first?.place ?? { file: table.file },
    ...(first?.expected === undefined ? {} : { expected: first.expected }),
  });
}

function reportGroups(
  faults: ProblemList,
  table: TextTable,
  config: ProjectConfig,
  withoutGroup: number,
): void {
  const { group } = config.dataset;
  if (group === null) {
    faults.add('warning', 'OVR210', () => ({
      message: 'No patient column is configured, so every image counts as its own patient',
      place: { file: 'overread.yaml', field: 'dataset.group' },
      fix: 'If patients have several images, name their column in dataset.group: else the same patient may be in training and test.',
    }));
  } else if (withoutGroup > 0) {
    faults.add('warning', 'OVR210', () => ({
      message: `${withoutGroup} rows name no patient; each counts as its own`,
      place: { file: table.file, field: columnOf(group) },
    }));
  }
}

/** A column that is not there is shown to nobody; a reader should know why. */
function reportBlindColumns(faults: ProblemList, table: TextTable, config: ProjectConfig): void {
  for (const name of config.review.blind_columns) {
    if (table.names.includes(name)) continue;
    faults.add('warning', 'OVR201', () => ({
      message: `The table has no column "${name}", which review.blind_columns names`,
      place: { file: 'overread.yaml', field: 'review.blind_columns' },
      fix: didYouMean(name, table.names),
    }));
  }
}

function reportOtherEntries(
  faults: ProblemList,
  table: TextTable,
  config: ProjectConfig,
  labels: LabelReader,
): void {
  if (labels.otherEntries.size === 0) return;
  const entries = [...labels.otherEntries].sort(([, a], [, b]) => b - a);
  const listed = entries.slice(0, 20).map(([name, count]) => `${name} (${count})`);
  faults.add('info', 'OVR204', () => ({
    message: `Entries that are no configured finding are ignored: ${listed.join(', ')}${entries.length > 20 ? ', …' : ''}`,
    place: { file: table.file, field: config.labels.column ?? '' },
    fix: 'Add them to labels.findings to train on them.',
  }));
}
