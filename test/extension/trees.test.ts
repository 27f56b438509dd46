/** The trees: bounded, stable, and about the current project. */
import * as assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { views } from '../../src/extension/contributions';
import type { Project } from '../../src/extension/projects/project';
import { DatasetView } from '../../src/extension/views/datasetView';
import { mostSiblings, paged, ProjectTree, type TreeNode } from '../../src/extension/views/projectTree';
import { QueuesView } from '../../src/extension/views/queuesView';
import { sampleProject } from './support/extension';

const leaf = (name: string): TreeNode => ({ id: name, item: () => new vscode.TreeItem(name) });
const leaves = (count: number): TreeNode[] => Array.from({ length: count }, (_, i) => leaf(`n${i}`));

/** Every list of children below these nodes, these included. */
function* lists(nodes: readonly TreeNode[]): Generator<readonly TreeNode[]> {
  yield nodes;
  for (const node of nodes) if (node.children) yield* lists(node.children());
}

function ids(nodes: readonly TreeNode[]): string[] {
  return nodes.flatMap((node) => [node.id, ...(node.children ? ids(node.children()) : [])]);
}

suite('trees', () => {
  for (const count of [0, 1, 500, 501, 1200, 300_000]) {
    test(`${count.toLocaleString('en')} nodes: at most 500 under one parent, none lost, ids differ`, () => {
      const top = paged('top', leaves(count));
      const bottom: TreeNode[] = [];
      for (const list of lists(top)) {
        assert.ok(list.length <= mostSiblings);
        for (const node of list) if (!node.children) bottom.push(node);
      }
      assert.equal(bottom.length, count);
      assert.equal(new Set(ids(top)).size, ids(top).length);
    });
  }

  test('dataset: parts, classes and counts of the sample; ids stay over a refresh', async () => {
    const { services, project } = await sampleProject();
    const tree = treeOf(new DatasetView().register(services));
    const before = await allIds(tree);
    const parts = await tree.getChildren();
    assert.deepEqual(
      parts.map((node) => node.item().label),
      ['Training', 'Validation', 'Test'],
    );
    const images = project.summary!.groups.reduce((sum, group) => sum + group.samples, 0);
    assert.equal(images, 60);
    await project.refresh('dataset');
    assert.deepEqual(await allIds(tree), before);
    tree.dispose();
  });

  test('queues: each opens the grid on its own query', async () => {
    const { services } = await sampleProject();
    const tree = treeOf(new QueuesView().register(services));
    const items = (await tree.getChildren()).map((node) => tree.getTreeItem(node));
    assert.equal(items.length, 5);
    for (const item of items) assert.equal(item.command?.command, 'overread.openQuery');
    tree.dispose();
  });

  test('of another project the tree shows nothing once that is current', async () => {
    const { services } = await sampleProject();
    const seen: (Project | undefined)[] = [];
    const tree = new ProjectTree(
      views.runs,
      services.projects,
      () => [],
      (_view, project) => seen.push(project),
    );
    assert.equal(seen.at(-1), services.projects.current);
    tree.dispose();
  });
});

function treeOf(disposable: unknown): ProjectTree {
  assert.ok(disposable instanceof ProjectTree);
  return disposable;
}

async function allIds(tree: ProjectTree): Promise<string[]> {
  return ids(await tree.getChildren());
}
