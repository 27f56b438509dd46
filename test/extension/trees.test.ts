/** The trees: bounded, stable, and about the current project. */
import * as assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { views } from '../../src/extension/contributions';
import type { Project } from '../../src/extension/projects/project';
import { DatasetView } from '../../src/extension/views/datasetView';
import { mostSiblings, paged, ProjectTree, type TreeNode } from '../../src/extension/views/projectTree';
import { QueuesView } from '../../src/extension/views/queuesView';
import { RunsView } from '../../src/extension/views/runsView';
import type { RunSummary } from '../../src/protocol/engineApi';
import { sampleProject } from './support/extension';

const leaf = (name: string): TreeNode => ({ id: name, item: () => new vscode.TreeItem(name) });
const leaves = (count: number): TreeNode[] => Array.from({ length: count }, (_, i) => leaf(`n${i}`));

const inImages = (count: number): string => (count === 1 ? '1 image' : `${count.toLocaleString()} images`);

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

  test('queues: each opens the grid on its own query; its count is the row, the unit in the tooltip', async () => {
    const { services, project } = await sampleProject();
    const tree = treeOf(new QueuesView().register(services));
    const items = (await tree.getChildren()).map((node) => tree.getTreeItem(node));
    // After a refit three more say what it changed.
    assert.ok(items.length >= 6);
    for (const item of items) assert.equal(item.command?.command, 'overread.openQuery');
    const { queueInfos, queues } = project.summary!;
    assert.deepEqual(
      // Behind the count of one stands whether the data were checked.
      items.map(({ description }) => String(description).replace(/ · .*/, '')),
      queueInfos.filter(({ isAll }) => !isAll).map(({ id }) => queues[id]!.toLocaleString()),
    );
    for (const [i, { id }] of queueInfos.filter(({ isAll }) => !isAll).entries()) {
      assert.ok((items[i]!.tooltip as string).includes(inImages(queues[id]!)));
      assert.ok(items[i]!.accessibilityInformation!.label.includes(inImages(queues[id]!)));
    }
    tree.dispose();
  });

  test('dataset: every count names its unit, images in one project and findings in another', async () => {
    const { services, project } = await sampleProject();
    const summary = project.summary!;
    const tree = treeOf(new DatasetView().register(services));
    const told = async (): Promise<unknown> => {
      const [training] = await tree.getChildren();
      return training!.children!()[0]!.item().description;
    };
    const group = { split: 'train', name: summary.groups[0]!.name, samples: 1200 } as const;
    try {
      project.summary = { ...summary, groups: [{ ...group, errors: 1, edits: 2 }] };
      assert.equal(await told(), '1,200 images · 1 with errors · 2 with edits');
      const ofFindings = (text: string): string => text.replace('image', 'finding');
      const queueInfos = summary.queueInfos.map(({ counted: { one, other }, ...queue }) => ({
        ...queue,
        counted: { one: ofFindings(one), other: ofFindings(other) },
      }));
      project.summary = {
        ...project.summary,
        task: 'multi-label',
        queueInfos,
        groups: [{ ...group, errors: 3, edits: 1 }],
      };
      assert.equal(await told(), '1,200 images · 3 findings with errors · 1 finding with edits');
      // What is too rare to judge is folded below the others, with the patients that have it.
      const rare = { ...group, name: 'Hernia', samples: 9, errors: 0, edits: 0 };
      project.summary = {
        ...project.summary,
        groups: [rare, { ...group, errors: 3, edits: 1 }],
        rare: [{ finding: 'Hernia', positivePatients: 7 }],
      };
      const [training] = await tree.getChildren();
      const [judged, fold, ...more] = training!.children!();
      assert.equal(judged!.item().label, group.name);
      assert.deepEqual(
        [fold!.item().label, fold!.item().description, more.length],
        ['Too rare to judge', '1', 0],
      );
      const [hernia] = fold!.children!();
      assert.equal(hernia!.item().description, '7 patients · 9 images');
    } finally {
      project.summary = summary;
      tree.dispose();
    }
  });

  test('runs: random weights are marked in the run, its parts and its tooltip; others are not', async () => {
    const { services, project } = await sampleProject();
    const tree = treeOf(new RunsView().register(services));
    const before = project.runs;
    try {
      project.runs = [run('first', 'random'), run('second', 'huggingface')];
      const [random, trained] = await tree.getChildren();
      const texts = (node: TreeNode): string[] => {
        const item = tree.getTreeItem(node);
        const parts = (node.children?.() ?? []).map((part) => part.item().description);
        return [item.description, (item.tooltip as vscode.MarkdownString).value, ...parts].map(String);
      };
      assert.equal(texts(random!).length, 4);
      for (const text of texts(random!)) assert.match(text, /random weights/);
      for (const text of texts(trained!)) assert.doesNotMatch(text, /random/);
    } finally {
      project.runs = before;
      tree.dispose();
    }
  });

  test('runs: a row begins with its figure and fits a side bar of 300 px', async () => {
    const { services, project } = await sampleProject();
    const tree = treeOf(new RunsView().register(services));
    const before = project.runs;
    try {
      const [later, earlier] = [run('second', 'cache', 0.83, 23), run('first', 'cache', 0.8, 0)];
      project.runs = [later, earlier];
      const rows = (await tree.getChildren()).map((node) => tree.getTreeItem(node));
      assert.equal(rows[0]!.label, '0.83 · +0.03');
      assert.match(String(rows[0]!.description), /^23 edits · [^·]{4,10} · second$/);
      assert.equal(rows[1]!.label, '0.80');
      assert.match(String(rows[1]!.description), /^[^·]{4,10} · first$/);
      // 13 px letters are 6.5 px wide in the middle; arrow, icon and margins take 60.
      for (const { label, description } of rows) {
        const figures = `${label as string} ${(description as string).split(' · ').slice(0, -1).join(' · ')}`;
        assert.ok(figures.length * 6.5 + 60 <= 300);
      }
      assert.match((rows[0]!.tooltip as vscode.MarkdownString).value, /against the run before/);
    } finally {
      project.runs = before;
      tree.dispose();
    }
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

/** A run with figures, as far as the tree reads it. */
function run(name: string, source: string, value = 0.7, edited = 0): RunSummary {
  const figure = { value, low: null, high: null };
  const part = {
    ...{ samples: 10, accuracy: figure, balanced_accuracy: figure, auroc_macro: figure },
    ...{ auprc_macro: figure, log_loss: figure, ece: figure },
  };
  return {
    dir: '',
    record: {
      ...{ run: name, name, created: '2026-01-01T00:00:00.000Z' },
      trainer: { name: 'last-layer', settings: {} },
      network: { weights: { name: `net.${name}`, source }, device: { name: 'cpu' } },
      timings: { total_s: 1 },
      task: 'multi-class',
      counts: { edited },
    },
    metrics: { out_of_fold: part, validation: part, test: part },
  } as unknown as RunSummary;
}

function treeOf(disposable: unknown): ProjectTree {
  assert.ok(disposable instanceof ProjectTree);
  return disposable;
}

async function allIds(tree: ProjectTree): Promise<string[]> {
  return ids(await tree.getChildren());
}
