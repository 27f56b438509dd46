/** `compare.md`: the table of a comparison, as it is pasted into a report. */
import { chartTitle } from '../../charts/comparisonChart';
import { comparisonTable } from '../../charts/comparisonTable';
import { comparisonFiles } from './folder';
import type { Comparison } from '../evaluation/comparison';

/** Title, chart, table and notes. Data stand in it as text: no markup of theirs takes effect. */
export function comparisonMarkdown(comparison: Comparison): string {
  const { columns, rows, notes } = comparisonTable(comparison);
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const head = columns.map(({ title }) => escapeMarkdown(title));
  const body = rows.map(({ cells, best }) =>
    line(cells.map((cell, i) => (best && i === 0 ? `**${escapeMarkdown(cell)}**` : escapeMarkdown(cell)))),
  );
  return [
    `# ${escapeMarkdown(chartTitle(comparison))}`,
    '',
    `![AUROC of every network](${comparisonFiles.chart})`,
    '',
    line(head),
    line(columns.map(({ group }) => (group === 'name' ? '---' : '--:'))),
    ...body,
    '',
    ...notes.map((note) => `- ${escapeMarkdown(note)}`),
    '',
    `Made ${comparison.created} from labels as of ${comparison.labels_as_of || 'the table'}.`,
    '',
  ].join('\n');
}

function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\r\n]+/g, ' ').replaceAll(/[\\`*_{}[\]#|<>]/g, '\\$&');
}
