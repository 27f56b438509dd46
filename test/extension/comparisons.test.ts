/** Comparisons in the editor: made by a task, opened when it is done, listed, deleted. */
import * as assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { networkItems } from '../../src/extension/commands/chooseNetworks';
import { commands, viewTypes } from '../../src/extension/contributions';
import type { Project } from '../../src/extension/projects/project';
import { samplesQuery } from '../../src/extension/queries';
import { comparisonNodes } from '../../src/extension/views/comparisonNodes';
import type { ArchitectureRow } from '../../src/protocol/engineApi';
import { sampleProject, until } from './support/extension';

const row: ArchitectureRow = {
  name: 'densenet121',
  title: 'DenseNet-121',
  family: 'DenseNet',
  parameters: 7_978_856,
  gmacs: 2.87,
  featureSize: 1024,
  inputSize: 224,
  weights: [
    {
      name: 'densenet121.tv_in1k',
      licence: 'Apache-2.0',
      trainedOn: 'ImageNet-1k',
      bytes: 32e6,
      here: false,
    },
  ],
  blocks: [],
  uses: [],
  usesInShort: '',
  caution: null,
  imagesPerSecond: null,
};

suite('comparisons', () => {
  test('the picker offers every architecture with its weights and with random ones', () => {
    const items = networkItems([
      row,
      { ...row, name: 'corodet', title: 'CoroDet', family: 'CoroDet', weights: [] },
    ]);
    assert.deepEqual(
      items.map(({ label, network }) => [label, network]),
      [
        ['DenseNet', undefined],
        ['DenseNet-121', 'densenet121.tv_in1k'],
        ['DenseNet-121, random weights', 'densenet121:random'],
        ['CoroDet', undefined],
        ['CoroDet, random weights', 'corodet:random'],
      ],
    );
    assert.match(
      items[1]?.description ?? '',
      /tv_in1k · 32 MB to fetch · 8\.0 M parameters, 2\.87 GMACs · ImageNet-1k/,
    );
  });

  test('a task makes one; its page opens once, is found again by its state, and goes with it', async function () {
    this.timeout(180_000);
    const { services, project } = await sampleProject();
    const runs = project.runs.length;
    const task = services.tasks.compareTask(project, {
      architectures: 'tf_efficientnet_lite0:random:1',
      truncations: 'stem,blocks.0',
    });
    await vscode.tasks.executeTask(task);
    const made = await until('the comparison is listed', () => project.comparisons[0], 150_000);
    assert.equal(made.kind, 'truncations');
    assert.equal(made.models, 3);
    assert.equal(made.failed, 0);
    assert.match(made.best?.label ?? '', /\(random\)$/);
    assert.equal(project.runs.length, runs, 'a comparison is no run');
    const { comparison } = made;
    const countIs = async (count: number): Promise<void> => {
      await until(`${String(count)} page(s)`, () =>
        services.comparisons.count === count ? true : undefined,
      );
    };
    const tabsAre = async (count: number): Promise<void> => {
      await until(`${String(count)} tab(s)`, () => (comparisonTabs().length === count ? true : undefined));
    };
    await countIs(1);
    await vscode.commands.executeCommand(commands.openComparison, { root: project.root, comparison });
    assert.equal(services.comparisons.count, 1);
    await tabsAre(1);

    const [parent] = comparisonNodes(project);
    const [node] = parent?.children?.() ?? [];
    const item = node?.item();
    assert.match(String(item?.description), /^3 networks, best .+ AUROC 0\.\d{3}/);
    assert.equal(item?.command?.command, commands.openComparison);

    await vscode.window.tabGroups.close(comparisonTabs());
    await countIs(0);
    const restore = (state: unknown): vscode.WebviewPanel => {
      const panel = vscode.window.createWebviewPanel(viewTypes.comparison, 'x', vscode.ViewColumn.Active);
      void services.comparisons.pages.deserializeWebviewPanel(panel, state);
      return panel;
    };
    const state = { v: 1, root: project.root, comparison };
    const kept = restore(state);
    await countIs(1);
    assert.match(kept.title, /^Comparison: /);
    for (const other of [undefined, { ...state, v: 2 }, { ...state, root: '/' }, state]) {
      const panel = restore(other);
      let ended = false;
      panel.onDidDispose(() => (ended = true));
      await until('a second page, or one of nothing, is closed', () => (ended ? true : undefined));
      assert.equal(services.comparisons.count, 1);
    }

    const { samples, compared } = await services.engine.call(
      ...(['comparisonDifferences', project.root, comparison, 0, 2] as const),
    );
    assert.ok(samples.length > 0 && samples.length < compared);
    assert.ok(project.summary);
    // What the page asks for: these images, in the grid.
    const list = await services.engine.call('query', project.root, samplesQuery(project.summary, samples));
    assert.equal(list.total, samples.length);

    await services.engine.call('deleteComparison', project.root, comparison);
    await project.refresh('runs');
    assert.deepEqual(comparisonNodes(project), []);
    await countIs(0);
    await tabsAre(0);
  });

  test('without one the list is empty', () => {
    const empty = { comparisons: [], root: '/p' } as unknown as Project;
    assert.deepEqual(comparisonNodes(empty), []);
  });
});

function comparisonTabs(): vscode.Tab[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(
      ({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith(viewTypes.comparison),
    );
}
