/** Dataset: part of the split → class (or finding), with images, errors and edits; a click shows them. */
import * as vscode from 'vscode';
import type { DatasetGroup, ProjectSummary, Split } from '../../protocol/engineApi';
import { commands, views } from '../contributions';
import { inUnits } from '../counted';
import type { Disposable } from '../disposables';
import type { Project } from '../projects/project';
import { groupQuery, splitName } from '../queries';
import type { Contribution, Services } from '../services';
import { failureNode, ProjectTree, type TreeNode } from './projectTree';

const splitOrder: readonly Split[] = ['train', 'validation', 'test'];

export class DatasetView implements Contribution {
  register({ projects }: Services): Disposable {
    return new ProjectTree(views.dataset, projects, datasetNodes);
  }
}

function datasetNodes(project: Project): readonly TreeNode[] {
  const groups = project.summary?.groups ?? [];
  const parts = splitOrder
    .map((split) => ({ split, members: groups.filter((group) => group.split === split) }))
    .filter(({ members }) => members.length > 0)
    .map(({ split, members }) => splitNode(project, split, members));
  return project.failure ? [failureNode(project), ...parts] : parts;
}

function splitNode(project: Project, split: Split, members: readonly DatasetGroup[]): TreeNode {
  const id = `${project.root}#${split}`;
  return {
    id,
    item: () => {
      const blind = project.summary?.blind === true;
      const item = new vscode.TreeItem(
        splitName(split),
        blind ? vscode.TreeItemCollapsibleState.None : vscode.TreeItemCollapsibleState.Expanded,
      );
      const total = (field: 'samples' | 'errors' | 'edits'): number =>
        members.reduce((sum, member) => sum + member[field], 0);
      // Findings of one image overlap: only classes add up to images.
      const samples = blind || project.summary?.task === 'multi-class' ? total('samples') : undefined;
      item.description = counts(
        project.summary,
        samples,
        split === 'test' ? 0 : total('errors'),
        total('edits'),
      );
      item.iconPath = new vscode.ThemeIcon(split === 'test' ? 'lock' : 'folder-library');
      if (split === 'test') {
        item.tooltip = vscode.l10n.t(
          'The test part is for the end: looks at it are counted. So far: {0}',
          String(project.summary?.testLooks ?? 0),
        );
      }
      return item;
    },
    children: () => (project.summary?.blind === true ? [] : groupNodes(project, id, members)),
  };
}

/** Classes, or findings: of these the ones that are too rare to judge are folded below the others. */
function groupNodes(project: Project, id: string, members: readonly DatasetGroup[]): readonly TreeNode[] {
  const rare = rareOf(project.summary);
  const isRare = ({ name }: DatasetGroup): boolean => rare.has(name);
  const judged = members.filter((member) => !isRare(member));
  const folded = members.filter(isRare);
  return [
    ...judged.map((member) => groupNode(project, id, member)),
    ...(folded.length === 0 ? [] : [rareNode(project, id, folded)]),
  ];
}

/** Patients of the training part that have a finding, of those that are too rare to judge. */
function rareOf(summary: ProjectSummary | undefined): ReadonlyMap<string, number> {
  return new Map(summary?.rare.map(({ finding, positivePatients }) => [finding, positivePatients]));
}

function rareNode(project: Project, parentId: string, members: readonly DatasetGroup[]): TreeNode {
  const id = `${parentId}#rare`;
  return {
    id,
    item: () => {
      const item = new vscode.TreeItem(
        vscode.l10n.t('Too rare to judge'),
        vscode.TreeItemCollapsibleState.Collapsed,
      );
      item.description = members.length.toLocaleString();
      item.iconPath = new vscode.ThemeIcon('fold');
      item.tooltip = vscode.l10n.t(
        'Findings of fewer than 10 patients in the training part: they have no threshold of their own, and what contradicts their labels is no error.',
      );
      return item;
    },
    children: () => members.map((member) => groupNode(project, parentId, member)),
  };
}

function groupNode(project: Project, parentId: string, group: DatasetGroup): TreeNode {
  return {
    id: `${parentId}/${group.name}`,
    item: () => {
      const multiClass = project.summary?.task === 'multi-class';
      const name = groupName(group, multiClass);
      const item = new vscode.TreeItem(name);
      // How the model does on the test part is not to be seen in passing.
      const errors = group.split === 'test' ? 0 : group.errors;
      const patients = rareOf(project.summary).get(group.name);
      const counted = counts(project.summary, group.samples, errors, group.edits);
      item.description = patients === undefined ? counted : `${patientsText(patients)} · ${counted}`;
      item.iconPath = new vscode.ThemeIcon('tag');
      item.tooltip = `${name}: ${item.description}`;
      item.accessibilityInformation = { label: item.tooltip };
      item.command = {
        command: commands.openQuery,
        title: vscode.l10n.t('Show in the review grid'),
        arguments: [
          project.root,
          project.summary &&
            groupQuery(
              project.summary,
              group.split,
              multiClass ? { given: group.name } : { finding: group.name },
            ),
        ],
      };
      return item;
    },
  };
}

/** How many patients of the training part have a finding. */
function patientsText(patients: number): string {
  const { t } = vscode.l10n;
  return patients === 1 ? t('1 patient') : t('{0} patients', patients.toLocaleString());
}

function groupName({ name }: DatasetGroup, multiClass: boolean): string {
  if (name === '') return vscode.l10n.t('No label');
  return multiClass && name === 'uncertain' ? vscode.l10n.t('Uncertain') : name;
}

/**
 * `483 images · 37 with errors · 5 with edits`, with several findings `483 images · 97 findings with errors`: the row is
 * narrow, and a unit that was named counts on. Nothing is said of none.
 */
function counts(
  summary: ProjectSummary | undefined,
  samples: number | undefined,
  errors: number,
  edits: number,
): string {
  const { t } = vscode.l10n;
  const parts: string[] = [];
  if (samples !== undefined) {
    parts.push(samples === 1 ? t('1 image') : t('{0} images', samples.toLocaleString()));
  }
  if (!summary) return parts.join(' · ');
  const isOfImages = samples !== undefined && summary.task === 'multi-class';
  const ofSame = (count: number): string => (isOfImages ? count.toLocaleString() : inUnits(summary, count));
  if (errors > 0) parts.push(t('{0} with errors', ofSame(errors)));
  if (edits > 0) parts.push(t('{0} with edits', ofSame(edits)));
  return parts.join(' · ');
}
