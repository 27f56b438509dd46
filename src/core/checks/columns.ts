/** Columns of the table that look like labels, patients or parts, and are used as nothing. */
import { factsOf } from '../intake/columnFacts';
import { guessLabels } from '../intake/guessLabels';
import { guessGroup } from '../intake/guessPatient';
import { guessSplit } from '../intake/guessSplit';
import { columnOf } from '../table/columns';
import { readJoinedTable } from '../dataset/joinedTable';
import type { CheckContext } from './checkTable';
import type { Check } from './model';

export async function columnChecks({ project }: CheckContext): Promise<Check[]> {
  const { root, config, dataset } = project;
  const facts = factsOf((await readJoinedTable(root, config)).table);
  const free = facts.filter(({ name }) => dataset.metadataColumns.includes(name));
  const notes: { column: string; message: string; fix: string; warning?: boolean }[] = [];
  const group = config.dataset.group === null ? guessGroup(free, undefined).value : null;
  if (group !== null) {
    const column = columnOf(group);
    notes.push({
      column,
      message: `"${column}" looks like the patient, and dataset.group names none: the same patient may be in training and test`,
      fix: `Set dataset.group: ${column} in overread.yaml`,
      warning: true,
    });
  }
  const split = config.split.column === null ? guessSplit(free, {}) : undefined;
  if (typeof split?.value === 'string') {
    const { value, because } = split;
    const fix = `Set split.column: ${value} in overread.yaml`;
    notes.push({ column: value, message: `"${value}" looks like a split (${because}) and is not used`, fix });
  } else if (split?.doubt) {
    notes.push({ column: split.doubt.field, message: split.doubt.message, fix: split.doubt.fix });
  }
  const { labels, doubts, ignored } = guessLabels(
    free.filter(({ name }) => !notes.some(({ column }) => column === name)),
    facts,
    {},
  );
  for (const column of labels?.kind === 'columns' ? labels.findings : []) {
    notes.push({
      column,
      message: `"${column}" holds 1 and 0 and is no finding of overread.yaml`,
      fix: 'Add it to labels.findings to train on it',
    });
  }
  for (const { field, message, fix } of doubts) notes.push({ column: field, message, fix });
  for (const { column, because } of ignored)
    notes.push({
      column,
      message: `"${column}" is no label: ${because}`,
      fix: 'Add it to labels.findings to train on it',
    });
  return notes.map(({ column, message, fix, warning }) => ({
    ...{
      code: 'OVR105',
      kind: 'column',
      severity: warning === true ? 'warning' : 'info',
      samples: [],
      score: null,
    },
    message,
    fixes: [{ title: fix }],
    place: { file: config.dataset.table, field: column },
  }));
}
