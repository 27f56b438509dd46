/** Which labels are doubtful, what the review of them found, and who changed what. */
import { clopperPearson } from '../evaluation/exactTests';
import { ItemSuspects } from '../suspects/itemSuspects';
import { isRandomDraw, looksOf, readersOf } from '../suspects/learned/looks';
import type { Project } from '../project/project';
import { paragraph, tableOf, type HtmlNode } from './html';
import { percent } from './numbers';
import type { ReportContext } from './sections';

/** Changed and kept labels from which on the share of wrong ones is estimated. */
const estimatedFrom = 10;

export async function suspectsSection({ project, run }: ReportContext): Promise<readonly HtmlNode[]> {
  const { labels, assignment } = project;
  const suspects = ItemSuspects.of(labels, assignment, run.predictions);
  let open = 0;
  for (let item = 0; item < labels.items; item++) if (suspects.isSuspected(item)) open++;
  const rows: string[][] = [];
  for (const reader of readersOf(project)) rows.push(await yieldRow(project, reader));
  return [
    paragraph(
      `${String(open)} labels are suspected to be wrong by confident learning on the predictions of this run (Northcutt et al. 2021).`,
    ),
    ...(rows.length === 0
      ? [paragraph('Nobody has reviewed a label yet.')]
      : [
          tableOf(
            'What reviewers did to given labels; the share of wrong ones is estimated on labels drawn at random, from 10 changed and 10 kept on',
            ['Reader', 'changed', 'kept', 'could not tell', 'drawn at random', 'of these wrong (95 %)'],
            rows,
          ),
        ]),
  ];
}

async function yieldRow(project: Project, reader: string): Promise<string[]> {
  const looks = (await looksOf(project, reader)).filter(({ again }) => !again);
  const changed = looks.filter((look) => look.changed === true).length;
  const kept = looks.filter((look) => look.changed === false).length;
  const draws = looks.filter((look) => look.changed !== null && isRandomDraw(look));
  const wrong = draws.filter((look) => look.changed === true).length;
  const isEnough = changed >= estimatedFrom && kept >= estimatedFrom && draws.length > 0;
  const { low, high } = clopperPearson(wrong, draws.length);
  const share = isEnough ? `${percent(wrong / draws.length)} (${percent(low)} to ${percent(high)})` : '–';
  return [
    reader,
    String(changed),
    String(kept),
    String(looks.length - changed - kept),
    String(draws.length),
    share,
  ];
}

export function correctionsSection({ project }: ReportContext): readonly HtmlNode[] {
  const { table } = project.log;
  const counts = new Map<string, Record<string, number>>();
  for (let row = 0; row < table.count; row++) {
    const reader = table.texts.text(table.annotator(row));
    const own = counts.get(reader) ?? {};
    counts.set(reader, own);
    const op = table.op(row);
    own[op] = (own[op] ?? 0) + 1;
  }
  if (counts.size === 0) return [paragraph('No label event is in labels/: every label is the table’s own.')];
  const kinds = ['set', 'keep', 'exclude', 'include', 'undo', 'redo'];
  return [
    tableOf(
      'Label events by whom, as they stand in labels/',
      ['Reader', ...kinds],
      [...counts]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([reader, own]) => [reader, ...kinds.map((kind) => String(own[kind] ?? 0))]),
    ),
  ];
}
