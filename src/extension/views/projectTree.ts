/** A tree over the current project: follows which project that is, its state, and pages long lists. */
import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../disposables';
import { placeOf, sentence } from '../failures';
import type { Project } from '../projects/project';
import type { Projects } from '../projects/projects';
import { plain } from '../plain';

/** One node. `id` is stable over refreshes, so that the tree keeps what is open and selected. */
export interface TreeNode {
  readonly id: string;
  readonly item: () => vscode.TreeItem;
  readonly children?: () => readonly TreeNode[];
}

/** VS Code's tree slows down with the number of siblings (microsoft/vscode#230361). */
export const mostSiblings = 500;

/** Puts a long list into pages of at most 500, and those again, until every parent has at most 500 children. */
export function paged(parentId: string, nodes: readonly TreeNode[]): readonly TreeNode[] {
  if (nodes.length <= mostSiblings) return nodes;
  let size = mostSiblings;
  while (Math.ceil(nodes.length / size) > mostSiblings) size *= mostSiblings;
  const pages: TreeNode[] = [];
  for (let start = 0; start < nodes.length; start += size) {
    const page = nodes.slice(start, start + size);
    const id = `${parentId}/page-${start}`;
    pages.push({
      id,
      item: () => {
        const label = `${(start + 1).toLocaleString()} – ${(start + page.length).toLocaleString()}`;
        return new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Collapsed);
      },
      children: () => paged(id, page),
    });
  }
  return pages;
}

export class ProjectTree implements vscode.TreeDataProvider<TreeNode>, Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<undefined>());
  readonly onDidChangeTreeData = this.changed.event;
  readonly view: vscode.TreeView<TreeNode>;

  /**
   * @param roots the top nodes of a project, which may be one that cannot be read
   * @param decorate sets badge and message of the view after each change
   */
  constructor(
    viewId: string,
    private readonly projects: Projects,
    private readonly roots: (project: Project) => readonly TreeNode[],
    private readonly decorate: (view: vscode.TreeView<TreeNode>, project: Project | undefined) => void = () =>
      undefined,
  ) {
    this.view = this.store.add(
      vscode.window.createTreeView(viewId, { treeDataProvider: this, showCollapseAll: true }),
    );
    this.store.add(projects.onDidChangeList(() => this.renew()));
    this.store.add(
      projects.onDidChangeProject(({ project }) => {
        if (project === this.projects.current) this.renew();
      }),
    );
    this.renew();
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    const item = asText(node.item());
    item.id = node.id;
    return item;
  }

  async getChildren(parent?: TreeNode): Promise<TreeNode[]> {
    if (parent) return [...paged(parent.id, parent.children?.() ?? [])];
    await this.projects.ready();
    const project = this.projects.current;
    if (!project) return [];
    await project.load();
    return [...paged(project.root, this.roots(project))];
  }

  /** Takes over what ends with it. */
  owns(disposable: Disposable): void {
    this.store.add(disposable);
  }

  dispose(): void {
    this.store.dispose();
  }

  /** Draws itself anew: something that its nodes are made of has changed. */
  renew(): void {
    const { current, all } = this.projects;
    this.view.description = all.length > 1 && current ? plain(current.name) : '';
    this.decorate(this.view, current);
    this.changed.fire(undefined);
  }
}

/** Classes, runs and faults are named by data: what an item says stands there as it is. */
function asText(item: vscode.TreeItem): vscode.TreeItem {
  const { label, description, tooltip, accessibilityInformation } = item;
  if (typeof label === 'string') item.label = plain(label);
  if (typeof description === 'string') item.description = plain(description);
  if (typeof tooltip === 'string') item.tooltip = plain(tooltip);
  if (accessibilityInformation) {
    item.accessibilityInformation = {
      ...accessibilityInformation,
      label: plain(accessibilityInformation.label),
    };
  }
  return item;
}

/** Why a project cannot be read; a click goes where it can be mended. */
export function failureNode(project: Project): TreeNode {
  return {
    id: `${project.root}#failure`,
    item: () => {
      const report = project.failure ?? { code: '', message: '' };
      const item = new vscode.TreeItem(report.message);
      item.description = report.code;
      item.tooltip = sentence(report);
      item.iconPath = new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'));
      const { file, selection } = placeOf(project, report);
      item.command = { command: 'vscode.open', title: '', arguments: [file, { selection }] };
      return item;
    },
  };
}
