/** Choosing an architecture: what the pickers list, and the edit of overread.yaml. */
import * as assert from 'node:assert/strict';
import { suite, suiteSetup, suiteTeardown, test } from 'mocha';
import * as vscode from 'vscode';
import { applyChoice } from '../../src/extension/architectures/applyChoice';
import { difference } from '../../src/extension/projects/editConfigFile';
import { plainItem } from '../../src/extension/ask';
import { architectureItems } from '../../src/extension/architectures/pickArchitecture';
import { blockItems } from '../../src/extension/architectures/pickBlock';
import type { Project } from '../../src/extension/projects/project';
import type { Services } from '../../src/extension/services';
import type { ArchitectureCatalog } from '../../src/protocol/engineApi';
import { chestProject, onDisk, rowOf, withModel } from './support/configEditor';

let services: Services;
let project: Project;
let catalog: ArchitectureCatalog;
let restore: () => Promise<void>;

suite('choosing an architecture', () => {
  suiteSetup(async () => {
    ({ services, project, catalog, restore } = await chestProject());
  });
  suiteTeardown(() => restore());

  suite('picker', () => {
    const button = { iconPath: new vscode.ThemeIcon('fold-down') };

    test('the suggestion, then the chosen one, then families; each architecture once', () => {
      const items = architectureItems(catalog, 'tf_efficientnet_lite0', button);
      const rows = items.flatMap(({ row }) => row?.name ?? []);
      assert.deepEqual(rows.slice(0, 2), ['densenet121', 'tf_efficientnet_lite0']);
      assert.deepEqual([...rows].sort(), catalog.rows.map(({ name }) => name).sort());
      assert.equal(items[0]?.kind, vscode.QuickPickItemKind.Separator);
      const families = items.slice(4).filter(({ row }) => !row);
      assert.equal(new Set(families.map(({ label }) => label)).size, families.length);
    });

    test('an item says what it costs, its licence, its weights and why', () => {
      const items = architectureItems(catalog, 'tf_efficientnet_lite0', button);
      const densenet = items[1];
      assert.match(densenet!.label, /DenseNet-121/);
      assert.match(densenet!.description!, /7\.98 M parameters · 2\.\d\d GMACs · 224 px/);
      assert.match(densenet!.detail!, /CheXNet.*chest X-rays.* · weights .* · Apache-2\.0$/);
      const inception = items.find(({ row }) => row?.name === 'inception_v3');
      assert.match(inception!.detail!, /^weights .* · Apache-2\.0 · the breast, .*retin/);
    });

    test('a suggestion that is chosen stands there once, with a mark', () => {
      const items = architectureItems(catalog, 'densenet121', button);
      assert.equal(plainItem(items[1]!).label, '$(check) DenseNet-121');
      assert.equal(items.filter(({ row }) => row?.name === 'densenet121').length, 1);
    });

    test('without a suggestion the chosen one is first', () => {
      const items = architectureItems({ ...catalog, suggestion: null }, 'densenet121', button);
      assert.match(items[0]!.label, /^chosen$/);
      assert.equal(items[1]!.row?.name, 'densenet121');
    });

    test('blocks: the whole network, then from the last to the first, with what is left', () => {
      const items = blockItems(rowOf(catalog, 'densenet121'), 'denseblock3');
      assert.equal(items[0]?.truncate, null);
      assert.deepEqual(
        items.slice(1).map(({ truncate }) => truncate),
        rowOf(catalog, 'densenet121')
          .blocks.map(({ name }) => name)
          .reverse(),
      );
      const marked = items.find(({ icon }) => icon === 'check');
      assert.equal(marked?.truncate, 'denseblock3');
      assert.match(marked.description!, /1,024 features · 4\.\d\d M parameters · 2\.\d\d GMACs left/);
    });
  });

  suite('the edit', () => {
    test('is on disk when it is acknowledged, keeps comments, and is one undo', async () => {
      await withModel(
        project,
        '  architecture: densenet121   # first try\n  weights: auto\n',
        async (document) => {
          await document.save();
          const before = await onDisk(project);
          const applied = await applyChoice(services.engine, project.configFile, {
            architecture: 'tf_efficientnet_lite0',
            truncate: null,
          });
          assert.equal(applied.saved, true);
          assert.equal(await onDisk(project), before.replace('densenet121', 'tf_efficientnet_lite0'));
          await vscode.window.showTextDocument(document);
          await vscode.commands.executeCommand('undo');
          assert.equal(document.getText(), before);
        },
      );
    });

    test('a cut is written under its section, and taken back with the architecture', async () => {
      await withModel(project, '  architecture: densenet121 # mine\n', async (document) => {
        await document.save();
        const choose = (architecture: string, truncate: string | null) =>
          applyChoice(services.engine, project.configFile, { architecture, truncate });
        await choose('densenet121', 'denseblock3');
        assert.match(await onDisk(project), /architecture: densenet121 # mine\n {2}truncate: denseblock3\n/);
        const { changes } = await choose('tf_efficientnet_lite0', null);
        assert.match(
          await onDisk(project),
          /architecture: tf_efficientnet_lite0 # mine\n {2}truncate: null\n/,
        );
        assert.deepEqual(
          changes.map(({ setting }) => setting),
          ['model.architecture', 'model.truncate'],
        );
      });
    });

    test("goes into an editor with unsaved changes, which stay the person's to save", async () => {
      await withModel(project, '  architecture: densenet121\n', async (document) => {
        const saved = await onDisk(project);
        assert.ok(document.isDirty);
        const applied = await applyChoice(services.engine, project.configFile, {
          architecture: 'tf_efficientnet_lite0',
          truncate: null,
        });
        assert.equal(applied.saved, false);
        assert.ok(document.isDirty);
        assert.match(document.getText(), /architecture: tf_efficientnet_lite0/);
        assert.equal(await onDisk(project), saved);
      });
    });

    test('a text with errors is left as it is', async () => {
      await withModel(project, '  architecture: densenet121\n  wieghts: auto\n', async (document) => {
        const before = document.getText();
        await assert.rejects(
          applyChoice(services.engine, project.configFile, {
            architecture: 'densenet121',
            truncate: 'denseblock3',
          }),
          { code: 'OVR102' },
        );
        assert.equal(document.getText(), before);
      });
    });

    test('is the smallest that it can be', () => {
      assert.deepEqual(difference('a: densenet121\n', 'a: densenet201\n'), {
        start: 11,
        end: 13,
        text: '20',
      });
      assert.deepEqual(difference('ab', 'aab'), { start: 1, end: 1, text: 'a' });
      assert.deepEqual(difference('same', 'same'), { start: 4, end: 4, text: '' });
    });
  });
});
