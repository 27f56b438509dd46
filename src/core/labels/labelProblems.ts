/** Events that no longer count because the table or the configuration changed, and the way out. */
import type { ProjectConfig } from '../config/config';
import type { LabelValue } from '../dataset/model';
import type { Problem } from '../base/report';
import type { EffectiveLabels } from './effectiveLabels';
import { itemFlags } from './effectiveLabels';
import { counted } from '../base/counted';
import { type FaultyLines, noteLine, problemOfLines } from './listedLines';
import { nearest } from './validate';

/** Where a label's lines are: what `LabelLogReader` knows. */
interface Files {
  /** The path of a file by its number. */
  pathOf(file: number): string;
}

/** Lines by file, and the name that the first of them gives. */
type LinesByFile = Map<number, FaultyLines & { readonly name: string }>;

/**
 * One problem per file and kind: OVR407 for events on samples that the table does not have, OVR408 for findings and
 * standing values that overread.yaml does not list. What was undone, or answered again, is none.
 * @param only tell of these samples alone: the rest of the log was not read
 */
export function labelProblems(labels: EffectiveLabels, files: Files, only?: readonly string[]): Problem[] {
  const { table } = labels;
  const samples: LinesByFile = new Map();
  const findings: LinesByFile = new Map();
  const values: LinesByFile = new Map();
  for (const row of labels.strays) {
    if (table.isSuperseded(row) || table.isUndone(table.batch(row))) continue;
    const sample = table.texts.text(table.sample(row));
    if (only?.includes(sample) === false) continue;
    if (labels.index(sample) === undefined) note(labels, samples, row, sample);
    else note(labels, findings, row, table.event(row).finding ?? '');
  }
  for (let item = 0; item < labels.items; item++) {
    if ((labels.flags[item]! & itemFlags.unlisted) === 0) continue;
    if (only?.includes(labels.sampleId(item)) === false) continue;
    for (const row of labels.answerRows(item)) {
      const { value, previous } = table.event(row);
      if (labels.isUnlisted(item, row)) note(labels, values, row, value ?? previous ?? '');
    }
  }
  return [
    ...problemsOf(samples, files, (name, count) => ({
      code: 'OVR407',
      message: `${counted(count, 'label event')} ${areOn(count)} samples that the table does not have (any more), such as "${name}", and ${doNotCount(count)}`,
      fix: `Give the image its old path or id again, label it anew, or delete the lines.${suggestion(labels, name)}`,
    })),
    ...problemsOf(findings, files, (name, count) => ({
      code: 'OVR408',
      message: `${counted(count, 'label event')} ${areOn(count)} findings that overread.yaml does not list, such as "${name}", and ${doNotCount(count)}`,
      fix: 'List the finding again under its old name (labels.findings, with column for its new one), or delete the lines',
    })),
    ...problemsOf(values, files, (name, count) => ({
      code: 'OVR408',
      message: `${counted(count, 'label')} ${count === 1 ? 'is' : 'are'} a value that overread.yaml does not list, such as "${name}", and ${doNotCount(count)} in training and metrics`,
      fix: `Say what it is called now: labels.values: {${JSON.stringify(name)}: NEW NAME}; or list it again, or label the images anew`,
    })),
  ];
}

/**
 * What `labels.values` says an event's text stands for, where the finding does not list it: a class that was
 * renamed.
 */
export function renamedValue(
  config: ProjectConfig,
): (finding: string, text: string) => LabelValue | undefined {
  const own = new Map(
    (config.labels.findings ?? []).flatMap((entry) =>
      typeof entry === 'string' || !entry.values ? [] : [[entry.name, entry.values] as const],
    ),
  );
  return (finding, text) => {
    const values = own.get(finding) ?? config.labels.values;
    if (!values || !Object.hasOwn(values, text)) return undefined;
    const value = values[text] ?? null;
    return value === null ? null : String(value);
  };
}

function note({ table }: EffectiveLabels, byFile: LinesByFile, row: number, name: string): void {
  const { file, line } = table.place(row);
  const lines = byFile.get(file) ?? { count: 0, first: [], name };
  byFile.set(file, lines);
  noteLine(lines, line);
}

function problemsOf(
  byFile: LinesByFile,
  files: Files,
  describe: (
    name: string,
    count: number,
  ) => { readonly code: 'OVR407' | 'OVR408'; readonly message: string; readonly fix: string },
): Problem[] {
  return [...byFile].map(([file, lines]) =>
    problemOfLines(lines, files.pathOf(file), { severity: 'warning', ...describe(lines.name, lines.count) }),
  );
}

function areOn(count: number): string {
  return count === 1 ? 'is on' : 'are on';
}

function doNotCount(count: number): string {
  return count === 1 ? 'does not count' : 'do not count';
}

/** Where a path is the identity, a file that was moved keeps its name. */
function suggestion({ dataset }: EffectiveLabels, name: string): string {
  const file = name.slice(name.lastIndexOf('/') + 1);
  const near = nearest(
    file,
    dataset.samples.map(({ id }) => id),
    1,
  );
  return near[0] === undefined ? '' : ` There is a sample "${near[0]}".`;
}
