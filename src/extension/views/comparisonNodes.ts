/** The comparisons of a project below its runs, newest first. */
import * as vscode from 'vscode';
import type { ComparisonSummary } from '../../protocol/engineApi';
import { plainName } from '../comparison/comparisonPanel';
import { commands, treeItems } from '../contributions';
import type { Project } from '../projects/project';
import type { TreeNode } from './projectTree';

/** What the commands of a comparison are given. */
export interface ComparisonReference {
  readonly root: string;
  readonly comparison: string;
}

export type ComparisonNode = TreeNode & ComparisonReference;

/** One node that holds all comparisons; nothing where there are none. */
export function comparisonNodes(project: Project): readonly TreeNode[] {
  const { comparisons, root } = project;
  if (comparisons.length === 0) return [];
  return [
    {
      id: `${root}#comparisons`,
      item: () => {
        const item = new vscode.TreeItem(
          vscode.l10n.t('Comparisons'),
          vscode.TreeItemCollapsibleState.Collapsed,
        );
        item.description = comparisons.length.toLocaleString();
        item.iconPath = new vscode.ThemeIcon('graph-scatter');
        return item;
      },
      children: () => comparisons.map((summary) => comparisonNode(project, summary)),
    },
  ];
}

function comparisonNode({ root }: Project, summary: ComparisonSummary): ComparisonNode {
  const { comparison } = summary;
  return {
    id: `${root}#comparison/${comparison}`,
    root,
    comparison,
    item: () => {
      const { t } = vscode.l10n;
      const name = plainName(comparison);
      const item = new vscode.TreeItem(name);
      item.description = [describe(summary), when(summary.created)].filter(Boolean).join(' · ');
      item.tooltip = `${comparison} · ${item.description}`;
      item.accessibilityInformation = { label: `${name}: ${item.description}` };
      item.contextValue = treeItems.comparison;
      item.iconPath = new vscode.ThemeIcon(summary.kind === 'truncations' ? 'graph-line' : 'graph-scatter');
      item.command = {
        command: commands.openComparison,
        title: t('Open Comparison'),
        arguments: [{ root, comparison }],
      };
      return item;
    },
  };
}

/** `10 networks, best blocks.5 (random) 0.911`. */
function describe({ models, failed, best }: ComparisonSummary): string {
  const { t } = vscode.l10n;
  return [
    models === 1 ? t('1 network') : t('{0} networks', String(models)),
    ...(failed > 0 ? [t('{0} failed', String(failed))] : []),
    ...(best ? [t('best {0} AUROC {1}', best.label, best.auroc.toFixed(3))] : []),
  ].join(', ');
}

function when(created: string): string {
  const date = new Date(created);
  if (Number.isNaN(date.getTime())) return '';
  return date.toLocaleString(vscode.env.language, { dateStyle: 'medium', timeStyle: 'short' });
}
