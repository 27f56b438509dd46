/** Runs: newest first, with the figures that compare them; test stays out, it is looked at on purpose only. */
import * as vscode from 'vscode';
import type { Estimate, Metrics, RunSummary } from '../../protocol/engineApi';
import { treeItems, views } from '../contributions';
import type { Disposable } from '../disposables';
import { escapeMarkdown, markdown } from '../markdown';
import type { Project } from '../projects/project';
import type { Contribution, Services } from '../services';
import { comparisonNodes } from './comparisonNodes';
import { jobNodes } from './jobNodes';
import { ProjectTree, type TreeNode } from './projectTree';

/** What the commands of a run are given. */
export interface RunReference {
  readonly root: string;
  readonly run: string;
}

export type RunNode = TreeNode & RunReference;

export class RunsView implements Contribution {
  register({ projects, jobs }: Services): Disposable {
    const roots = (project: Project): readonly TreeNode[] => [
      ...jobNodes(project, jobs.running(project.root)),
      ...project.runs.map((run, i) =>
        runNode(project, run, project.runs[i + 1], run.record.run === project.summary?.latestRun),
      ),
      ...comparisonNodes(project),
    ];
    const tree = new ProjectTree(views.runs, projects, roots);
    const named = (): string | undefined => {
      const job = projects.current && jobs.running(projects.current.root);
      return job && JSON.stringify([job.job, job.state, job.trains]);
    };
    let shown = named();
    // It tells of its progress every second, which the row does not show.
    tree.owns(
      jobs.onDidChange(() => {
        if (named() === shown) return;
        shown = named();
        tree.renew();
      }),
    );
    return tree;
  }
}

/** @param before the run that was made before it, to be held beside it */
function runNode(
  project: Project,
  summary: RunSummary,
  before: RunSummary | undefined,
  shown: boolean,
): RunNode {
  const { record, metrics } = summary;
  const id = `${project.root}#run/${record.run}`;
  return {
    id,
    root: project.root,
    run: record.run,
    item: () => {
      const name = record.name === '' ? record.run : record.name;
      const figures = atAGlance(summary, before).join(' · ');
      const item = new vscode.TreeItem(
        figures === '' ? name : figures,
        shown ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed,
      );
      // The name last: it is long, and in the tooltip.
      item.description = [
        edits(summary),
        when(record.created),
        originMark(summary),
        randomMark(summary),
        figures === '' ? '' : name,
      ]
        .filter(Boolean)
        .join(' · ');
      item.accessibilityInformation = { label: `${name}: ${figures} ${item.description}` };
      item.tooltip = tooltip(summary, before);
      item.contextValue = treeItems.run;
      item.iconPath = new vscode.ThemeIcon(shown ? 'pass-filled' : 'pass');
      return item;
    },
    children: () => measuredParts(metrics).flatMap((part) => partNodes(id, part, randomMark(summary))),
  };
}

interface MeasuredPart {
  readonly key: string;
  readonly name: string;
  readonly metrics: Metrics;
}

/** All images as one where nothing of the project trained the model. */
function measuredParts({ out_of_fold, validation, all }: RunSummary['metrics']): readonly MeasuredPart[] {
  const { t } = vscode.l10n;
  if (all) return [{ key: 'all', name: t('All images'), metrics: all }];
  return [
    { key: 'oof', name: t('Out of fold'), metrics: out_of_fold },
    { key: 'validation', name: t('Validation'), metrics: validation },
  ];
}

/** The rows of one part, as two levels would hide them. */
function partNodes(
  runId: string,
  { key: part, name, metrics }: MeasuredPart,
  random: string,
): readonly TreeNode[] {
  if (metrics.samples === 0) return [];
  return [
    {
      id: `${runId}/${part}`,
      item: () => {
        const item = new vscode.TreeItem(name, vscode.TreeItemCollapsibleState.Collapsed);
        item.description = [partAtAGlance(metrics), random].filter(Boolean).join(' · ');
        item.iconPath = new vscode.ThemeIcon('graph');
        return item;
      },
      children: () =>
        figures(metrics).map(({ key, label, estimate }) => ({
          id: `${runId}/${part}/${key}`,
          item: () => {
            const item = new vscode.TreeItem(label);
            item.description = withInterval(estimate);
            item.iconPath = new vscode.ThemeIcon('symbol-numeric');
            return item;
          },
        })),
    },
  ];
}

function figures(metrics: Metrics): readonly { key: string; label: string; estimate: Estimate }[] {
  const { t } = vscode.l10n;
  return [
    { key: 'accuracy', label: t('Accuracy'), estimate: metrics.accuracy },
    { key: 'balanced_accuracy', label: t('Balanced accuracy'), estimate: metrics.balanced_accuracy },
    { key: 'auroc_macro', label: t('AUROC (macro)'), estimate: metrics.auroc_macro },
    { key: 'auprc_macro', label: t('AUPRC (macro)'), estimate: metrics.auprc_macro },
    { key: 'log_loss', label: t('Log loss'), estimate: metrics.log_loss },
    { key: 'ece', label: t('Calibration error'), estimate: metrics.ece },
  ];
}

/** Such figures are there to be compared with; empty where the weights were trained. */
function randomMark({ record }: RunSummary): string {
  return record.network?.weights.source === 'random' ? vscode.l10n.t('random weights') : '';
}

/** Where the model comes from, when the project did not train it. */
function originMark({ record }: RunSummary): string {
  const { name } = record.trainer;
  if (name === 'evaluated') return vscode.l10n.t('of another project');
  return name === 'imported' ? vscode.l10n.t('imported') : '';
}

/** The figure that a run is looked at for first: accuracy, of several findings the AUROC over them. */
function firstFigure({ record, metrics }: RunSummary): {
  readonly label: string;
  readonly value: number | null;
} {
  const { t } = vscode.l10n;
  const part = metrics.all ?? metrics.out_of_fold;
  return record.task === 'multi-label'
    ? { label: t('AUROC (macro)'), value: part.auroc_macro.value }
    : { label: t('Accuracy'), value: part.accuracy.value };
}

/** `0.83`, `+0.03`: the first figure and how it differs from that of the run before; a row is narrow. */
function atAGlance(summary: RunSummary, before: RunSummary | undefined): readonly string[] {
  const { value } = firstFigure(summary);
  if (value === null) return [];
  const earlier = before && firstFigure(before).value;
  if (earlier === undefined || earlier === null) return [value.toFixed(2)];
  const change = value - earlier;
  const sign = change.toFixed(2) === '-0.00' || change.toFixed(2) === '0.00' ? '±' : change > 0 ? '+' : '−';
  return [value.toFixed(2), `${sign}${Math.abs(change).toFixed(2)}`];
}

/** How many labels of the run differ from those of the table; nothing of none. */
function edits({ record }: RunSummary): string {
  // Runs of older versions counted none.
  const { edited = 0 } = (record.counts as { readonly edited?: number } | undefined) ?? {};
  if (edited === 0) return '';
  return edited === 1 ? vscode.l10n.t('1 edit') : vscode.l10n.t('{0} edits', edited.toLocaleString());
}

function partAtAGlance(metrics: Metrics): string {
  const { t } = vscode.l10n;
  return [
    ...(metrics.accuracy.value === null ? [] : [t('accuracy {0}', digits(metrics.accuracy.value))]),
    ...(metrics.auroc_macro.value === null ? [] : [t('AUROC {0}', digits(metrics.auroc_macro.value))]),
  ].join(' · ');
}

/** `0.770 [0.742, 0.798]`: value and 95 % interval by patient. */
function withInterval({ value, low, high }: Estimate): string {
  if (value === null) return '–';
  return low === null || high === null ? digits(value) : `${digits(value)} [${digits(low)}, ${digits(high)}]`;
}

function digits(value: number): string {
  return value.toFixed(3);
}

/** `10:46`; of another day its date. */
function when(created: string): string {
  const date = new Date(created);
  if (Number.isNaN(date.getTime())) return '';
  const isToday = date.toDateString() === new Date().toDateString();
  return isToday
    ? date.toLocaleTimeString(vscode.env.language, { timeStyle: 'short' })
    : date.toLocaleDateString(vscode.env.language, { day: 'numeric', month: 'short', year: '2-digit' });
}

function fullTime(created: string): string {
  const date = new Date(created);
  return Number.isNaN(date.getTime())
    ? ''
    : date.toLocaleString(vscode.env.language, { dateStyle: 'medium', timeStyle: 'short' });
}

function tooltip(summary: RunSummary, before: RunSummary | undefined): vscode.MarkdownString {
  const { record, metrics } = summary;
  const { t } = vscode.l10n;
  const text = markdown('');
  text.appendMarkdown(`**${escapeMarkdown(record.run)}**\n\n`);
  text.appendMarkdown(
    `${[
      escapeMarkdown(record.trainer.name),
      ...(record.network === null ? [] : [escapeMarkdown(record.network.weights.name)]),
      ...(randomMark(summary) === '' ? [] : [`**${randomMark(summary)}**`]),
      ...(record.network === null ? [] : [escapeMarkdown(record.network.device.name)]),
      record.network?.weights.precision ?? '',
      t('{0} s', record.timings.total_s.toFixed(1)),
      fullTime(record.created),
      edits(summary),
    ]
      .filter(Boolean)
      .join(' · ')}\n\n`,
  );
  const [, change] = atAGlance(summary, before);
  if (before && change !== undefined) {
    const { label } = firstFigure(summary);
    const sentence = t('{0} {1} against the run before, each by its own labels.', label, change);
    text.appendMarkdown(`${escapeMarkdown(sentence)}\n\n`);
  }
  const parts = measuredParts(metrics);
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  text.appendMarkdown(row(['', ...parts.map(({ name }) => name)]) + row(['', ...parts].map(() => '---')));
  const columns = parts.map((part) => figures(part.metrics));
  for (const { key, label } of columns[0] ?? []) {
    const cells = columns.map((column) => column.find((figure) => figure.key === key)?.estimate);
    text.appendMarkdown(row([label, ...cells.map((estimate) => (estimate ? withInterval(estimate) : '–'))]));
  }
  text.appendMarkdown(`\n${t('In brackets: 95 % interval, patients resampled.')}`);
  return text;
}
