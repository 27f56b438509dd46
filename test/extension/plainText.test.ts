/** Hostile names in everything that VS Code shows: they stand there as text. What they do in a window: test/attack. */
import * as assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { plainItem } from '../../src/extension/ask';
import { taskType } from '../../src/extension/contributions';
import { escapeMarkdown, markdownLink } from '../../src/extension/markdown';
import { plain } from '../../src/extension/plain';
import type { Services } from '../../src/extension/services';
import { showEdits } from '../../src/extension/statusBar';
import { DatasetView } from '../../src/extension/views/datasetView';
import { ProjectTree } from '../../src/extension/views/projectTree';
import { RunsView } from '../../src/extension/views/runsView';
import type { RunSummary } from '../../src/protocol/engineApi';
import { countedInImages, sampleProject } from './support/extension';

/** A link that runs a command, one with a title, an icon, a line feed, a turned direction, and an ESC. */
const hostile =
  '[x](command:a) [y](COMMAND:b "t") $(alert~spin) \n\u202e\u001b[2J https://e.org www.e.org a@e.org';

/** What VS Code 1.138 looks for in messages, prompts and descriptions (linkedText.ts), and in labels (iconLabels.ts). */
const links = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;
const icons = /\$\([A-Za-z0-9-]+(?:~[A-Za-z]+)?\)/;

function assertPlain(text: unknown, where: string): void {
  assert.equal(typeof text, 'string', where);
  const shown = text as string;
  assert.doesNotMatch(shown, links, where);
  assert.doesNotMatch(shown, icons, where);
  // eslint-disable-next-line no-control-regex -- controls are what must not be there
  assert.doesNotMatch(shown, /[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/, where);
  assert.ok(shown.replaceAll('\u2060', '').includes('[x](command:a)'), `${where} keeps the text: ${shown}`);
}

suite('text of data', () => {
  test('loses links, icons, controls and direction, and nothing else', () => {
    assertPlain(plain(hostile), 'plain');
    assert.equal(plain(plain(hostile)), plain(hostile));
    assert.equal(plain('Pneumonia (left) [old] 50 % \\ C:\\x'), 'Pneumonia (left) [old] 50 % \\ C:\\x');
    assertPlain(plain(`[x](command:a)${'x'.repeat(1_000_000)} ends here`), 'long');
    assert.match(plain(`${'x'.repeat(1_000_000)} ends here`), /characters left out .* ends here$/);
    assert.ok(plain('y'.repeat(5000)).length <= 1000);
  });

  test('in a list: our icon is one, theirs is not', () => {
    const item = plainItem({ icon: 'check', label: hostile, description: hostile, detail: hostile });
    assert.ok(item.label.startsWith('$(check) '));
    assertPlain(item.label.slice('$(check) '.length), 'label');
    assertPlain(item.description, 'description');
    assertPlain(item.detail, 'detail');
  });

  test('in Markdown: no link, image, HTML, code or table, nor what VS Code links by itself', async () => {
    const text = `${hostile} <img src=https://e.org/a.png> ![i](https://e.org/b.png) \`c\` | # <https://e.org>`;
    const html = await vscode.commands.executeCommand<string>('markdown.api.render', escapeMarkdown(text));
    if (typeof html === 'string') assert.doesNotMatch(html, /<(a|img|code|table|h1)\b/);
    // Every punctuation mark is escaped, so that no Markdown dialect finds its own.
    assert.doesNotMatch(escapeMarkdown(text).replaceAll(/\\[!-/:-@[-`{-~]/g, ''), /[!"#$&(-+.-/:-@[-`{-~-]/);
    assert.doesNotMatch(markdownLink('a', 'https://e.org\\)[x](command:b)'), /\]\(/);
  });

  test('in the trees', async () => {
    const { services, project } = await sampleProject();
    const { summary, runs } = project;
    assert.ok(summary);
    const trees = [new DatasetView().register(services), new RunsView().register(services)];
    try {
      project.summary = {
        ...summary,
        groups: summary.groups.slice(0, 1).map((group) => ({ ...group, name: hostile })),
      };
      project.runs = [hostileRun()];
      const [dataset, ofRuns] = trees.map((tree) => {
        assert.ok(tree instanceof ProjectTree);
        return tree;
      });
      assert.ok(dataset && ofRuns);
      const [part] = await dataset.getChildren();
      const [group] = await dataset.getChildren(part);
      assert.ok(group);
      const item = dataset.getTreeItem(group);
      assertPlain(item.label, 'class');
      assertPlain(item.tooltip, 'tooltip of a class');
      assertPlain(item.accessibilityInformation?.label, 'what a screen reader says');
      const [run] = await ofRuns.getChildren();
      assert.ok(run);
      const runItem = ofRuns.getTreeItem(run);
      assertPlain(runItem.description, 'run');
      const tooltip = runItem.tooltip as vscode.MarkdownString;
      assert.equal(tooltip.isTrusted, false);
      assert.equal(tooltip.supportHtml, false);
      assert.equal(tooltip.supportThemeIcons, false);
      assert.doesNotMatch(tooltip.value, /\[x\]\(command/);

      project.summary = undefined;
      project.failure = { code: 'OVR102', message: hostile, fix: hostile };
      const [failure] = await dataset.getChildren();
      assert.ok(failure);
      assertPlain(dataset.getTreeItem(failure).label, 'failure');
      assertPlain(dataset.getTreeItem(failure).tooltip, 'tooltip of a failure');
    } finally {
      project.summary = summary;
      project.failure = undefined;
      project.runs = runs;
      for (const tree of trees) tree.dispose();
    }
  });

  test('in the status bar', () => {
    const item = { text: '', tooltip: '', command: '', show: () => undefined, hide: () => undefined };
    const shown = (summary: object): void =>
      showEdits(
        item as unknown as vscode.StatusBarItem,
        {
          projects: { current: { root: '/p', summary: { queueInfos: countedInImages, ...summary } } },
          taskWatcher: { finetuning: () => undefined },
          jobs: { running: () => undefined },
        } as unknown as Services,
      );
    shown({ name: hostile, latestRun: null, editsSinceRun: 0 });
    assertPlain(item.tooltip, 'tooltip');
    const run = hostile.replace('\n', '').slice(0, 70);
    shown({ name: 'n', latestRun: `2026-01-02T030405Z-${run}`, editsSinceRun: 2 });
    assertPlain(item.text.replace('$(sparkle) ', ''), 'text');
    shown({ name: 'n', latestRun: `2026-01-02T030405Z-${'x'.repeat(5000)}`, editsSinceRun: 2 });
    assert.ok(item.text.length < 150);
  });

  test('in the Problems panel', async () => {
    const { project, services } = await sampleProject();
    const { summary } = project;
    assert.ok(summary);
    const file = vscode.Uri.joinPath(project.uri, 'samples.csv');
    const problem = {
      code: 'OVR204',
      severity: 'error',
      message: hostile,
      place: { file: 'samples.csv', row: 2 },
    };
    try {
      project.summary = { ...summary, problems: [problem as (typeof summary.problems)[number]] };
      await services.projects.search();
      const found = vscode.languages.getDiagnostics(file).map(({ message }) => message);
      assert.equal(found.length, 1);
      assertPlain(found[0], 'diagnostic');
    } finally {
      project.summary = summary;
      await services.projects.search();
    }
  });

  test('in tasks: the name is text, and a path that VS Code would take for a variable is refused', async () => {
    const { services, project } = await sampleProject();
    const { uri } = project;
    const named = { root: `/tmp/${hostile.replaceAll('/', '')}`, uri };
    const task = services.tasks.finetuneTask(named as unknown as typeof project);
    assertPlain(task.name, 'task');
    assert.equal(task.presentationOptions.echo, false, 'a path with controls is not printed by VS Code');
    assert.equal(services.tasks.finetuneTask(project).presentationOptions.echo, true);

    for (const root of ['/tmp/${command:workbench.action.quit}', '/tmp/a ${input:b}']) {
      const variable = { root, uri: vscode.Uri.file(root) } as unknown as typeof project;
      assert.throws(() => services.tasks.finetuneTask(variable), { code: 'OVR006' });
      assert.throws(() => services.tasks.exportTask(project, '${command:x}'), { code: 'OVR006' });
      const folder = { uri: vscode.Uri.file(root), name: 'x', index: 0 };
      const definition = { type: taskType, command: 'finetune' };
      const mine = new vscode.Task(definition, folder, 'mine', taskType);
      assert.equal(services.tasks.resolveTask(mine), undefined);
    }
  });
});

/** A run as far as the tree reads it, with a name of data. */
function hostileRun(): RunSummary {
  const figure = { value: 0.7, low: null, high: null };
  const part = {
    ...{ samples: 10, accuracy: figure, balanced_accuracy: figure, auroc_macro: figure },
    ...{ auprc_macro: figure, log_loss: figure, ece: figure },
  };
  return {
    dir: '',
    record: {
      ...{ run: hostile, name: hostile, created: '2026-01-01T00:00:00.000Z' },
      trainer: { name: hostile, settings: {} },
      network: { weights: { name: hostile, source: 'file' }, device: { name: hostile } },
      timings: { total_s: 1 },
    },
    metrics: { out_of_fold: part, validation: part, test: part },
  } as unknown as RunSummary;
}
