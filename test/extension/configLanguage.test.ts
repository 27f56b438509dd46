/** Completion, hover and hints in overread.yaml. */
import * as assert from 'node:assert/strict';
import { suite, suiteSetup, suiteTeardown, test } from 'mocha';
import * as vscode from 'vscode';
import { card } from '../../src/extension/architectures/describe';
import type { OfferedTraining } from '../../src/extension/architectures/layersAdvice';
import { commands } from '../../src/extension/contributions';
import { hints } from '../../src/extension/language/configHints';
import type { Project } from '../../src/extension/projects/project';
import type { Services } from '../../src/extension/services';
import type { ArchitectureCatalog } from '../../src/protocol/engineApi';
import { chestProject, rowOf, withModel } from './support/configEditor';

let services: Services;
let project: Project;
let catalog: ArchitectureCatalog;
let restore: () => Promise<void>;

suite('overread.yaml helps to choose', () => {
  suiteSetup(async () => {
    ({ services, project, catalog, restore } = await chestProject());
  });
  suiteTeardown(() => restore());

  suite('completion', () => {
    test('offers every architecture in place of the value, the suggestion first', async () => {
      await withModel(project, '  architecture: tf_efficientnet_lite0 # mine\n', async (document) => {
        const { range, start } = valueOf(document, 'tf_efficientnet_lite0');
        const items = await complete(document, start);
        assert.equal(labelOf(items[0]!), 'densenet121');
        assert.equal(items.length, catalog.rows.length);
        assert.deepEqual(items[0]!.range, range);
        assert.match(items[0]!.detail!, /DenseNet-121/);
        assert.match((items[0]!.documentation as vscode.MarkdownString).value, /arxiv\.org/);
      });
    });

    test('cuts are those of the architecture in the text, saved or not', async () => {
      await withModel(project, '  architecture: densenet121\n  truncate:\n', async (document) => {
        const line = lineOf(document, 'truncate:');
        const items = await complete(document, document.lineAt(line).range.end);
        assert.deepEqual(items.map(labelOf), [
          ...rowOf(catalog, 'densenet121').blocks.map(({ name }) => name),
          'null',
        ]);
        // Behind a bare colon the blank comes with the value.
        assert.equal(items[0]!.insertText, ` ${labelOf(items[0]!)}`);
      });
    });

    test('weights are auto, the tags of the architecture, and random', async () => {
      await withModel(project, '  architecture: densenet121\n  weights: auto\n', async (document) => {
        const { start } = valueOf(document, 'auto');
        const items = (await complete(document, start)).map(labelOf);
        const tags = rowOf(catalog, 'densenet121').weights.map(({ name }) =>
          name.replace('densenet121.', ''),
        );
        assert.ok(tags.includes('tv_in1k'));
        assert.deepEqual(items, ['auto', ...tags, 'random']);
      });
    });

    test('modality and anatomy are those of the schema', async () => {
      const document = await vscode.workspace.openTextDocument(project.configFile);
      const modalities = await complete(document, valueOf(document, 'x-ray').start);
      assert.ok(modalities.map(labelOf).includes('mammography'));
      const anatomies = await complete(document, valueOf(document, 'lungs').start);
      assert.ok(anatomies.map(labelOf).includes('skin'));
    });

    test('keys that a section lacks are offered with what they are for, and written with their colon', async () => {
      await withModel(project, '  architecture: densenet121\n  dev\n', async (document) => {
        const line = lineOf(document, '  dev\n');
        const { end } = document.lineAt(line).range;
        const items = await complete(document, end, vscode.CompletionItemKind.Property);
        const labels = items.map(labelOf);
        assert.ok(labels.includes('device'), labels.join());
        assert.ok(!labels.includes('architecture'), 'the text has it');
        const device = items[labels.indexOf('device')]!;
        assert.equal(device.insertText, 'device: ');
        assert.match(device.detail!, /auto, cpu/);
        assert.match((device.documentation as vscode.MarkdownString).value, /model\\\.device/);
        assert.deepEqual(device.range, new vscode.Range(line, 2, line, 5));
      });
    });

    test('elsewhere nothing is offered', async () => {
      const document = await vscode.workspace.openTextDocument(project.configFile);
      assert.deepEqual(await complete(document, new vscode.Position(0, 0)), []);
      assert.deepEqual(await complete(document, document.lineAt(lineOf(document, 'model:')).range.start), []);
    });
  });

  suite('hover', () => {
    test('shows the card of the architecture, over its name only', async () => {
      await withModel(project, '  architecture: densenet121\n  truncate: denseblock3\n', async (document) => {
        const { range, start } = valueOf(document, 'densenet121');
        const [hover] = await hovers(document, start);
        assert.deepEqual(hover!.range, range);
        assert.match(textOf(hover!), /DenseNet\\-121[^]*7\\\.98 M[^]*1,024[^]*CheXNet/);
        const [cut] = await hovers(document, valueOf(document, 'denseblock3').start);
        assert.match(textOf(cut!), /cut after denseblock3[^]*left[^]*Whole/);
        const [key] = await hovers(document, new vscode.Position(range.start.line, 3));
        assert.doesNotMatch(textOf(key!), /CheXNet/);
      });
    });

    test('says of every key what it is for, what may stand there and what holds without it', async () => {
      await withModel(project, '  crop: timm\n', async (document) => {
        const line = lineOf(document, 'crop: timm');
        const [key] = await hovers(document, new vscode.Position(line, 3));
        assert.deepEqual(key!.range, new vscode.Range(line, 2, line, 6));
        assert.match(textOf(key!), /model\\\.crop[^]*Expected\\: timm or whole\\\.[^]*Default\\: timm/);
        const [section] = await hovers(document, new vscode.Position(lineOf(document, 'model:'), 2));
        assert.match(textOf(section!), /^\*\*model\*\*/);
      });
    });

    test('what data say is text: no HTML, no commands, no other addresses', () => {
      const row = {
        ...rowOf(catalog, 'densenet121'),
        title: '<b>x</b> [y](command:z)',
        uses: [{ text: '![i](http://x/y.png)', source: 's', url: 'command:overread.doctor' }],
      };
      const { value, isTrusted, supportHtml } = card(row, { ...catalog, suggestion: null });
      assert.equal(isTrusted, false);
      assert.equal(supportHtml, false);
      assert.doesNotMatch(value, /(?<!\\)<b>|(?<!\\)\]\(command:|!\[/);
    });
  });

  suite('hints', () => {
    test('are shown where another architecture is suggested than the chosen one', async () => {
      await withModel(project, '  architecture: tf_efficientnet_lite0 # mine\n', async (document) => {
        const [layers, architecture, ...more] = await inlayHints(document);
        assert.deepEqual(more, []);
        assert.equal(hintText(layers!), 'under 1,000 images: the last layer only');
        assert.equal(layers!.position.line, lineOf(document, 'model:'));
        assert.equal(hintText(architecture!), 'DenseNet-121 suggested: x-ray, lungs');
        assert.deepEqual(architecture!.position, valueOf(document, 'tf_efficientnet_lite0').range.end);
        // What the editor gives back holds no commands.
        const [own] = hints(document, await services.places.of(document), catalog, 'last layer');
        const [part] = own!.label as vscode.InlayHintLabelPart[];
        assert.equal(part!.command?.command, commands.chooseArchitecture);
        assert.match((part!.tooltip as vscode.MarkdownString).value, /CheXNet/);
      });
    });

    test('of the architecture go once it is chosen', async () => {
      await withModel(project, '  architecture: densenet121\n', async (document) => {
        assert.deepEqual((await inlayHints(document)).map(hintText), [
          'under 1,000 images: the last layer only',
        ]);
      });
    });

    test('speak of the last block from 1,000 images on, and never without a suggestion', async () => {
      await withModel(project, '  architecture: densenet121\n', async (document) => {
        const places = await services.places.of(document);
        const many = { ...catalog.suggestion!, train: 'last block' as const, trainingSamples: 4200 };
        const [hint] = hints(document, places, { ...catalog, suggestion: many }, 'last block');
        assert.equal(hintText(hint!), '1,000 images or more: the last block too');
        assert.deepEqual(hints(document, places, { ...catalog, suggestion: null }, null), []);
      });
    });

    test('of the layers start the training that they name, or set up what it needs, at a click', async () => {
      await withModel(project, '  architecture: densenet121\n', async (document) => {
        const places = await services.places.of(document);
        const many = { ...catalog.suggestion!, train: 'last block' as const, trainingSamples: 4200 };
        const clicked = (
          advised: typeof many | ArchitectureCatalog['suggestion'],
          offered: OfferedTraining,
        ) => {
          const [hint] = hints(document, places, { ...catalog, suggestion: advised }, offered);
          const [{ command, tooltip } = { command: undefined, tooltip: undefined }] = hint!
            .label as vscode.InlayHintLabelPart[];
          return [command?.command, command?.arguments, (tooltip as vscode.MarkdownString).value] as const;
        };
        const [few, of] = clicked(catalog.suggestion, 'last layer');
        assert.deepEqual([few, of], [commands.finetune, [project.root]]);
        const [block, ofBlock, says] = clicked(many, 'last block');
        assert.deepEqual([block, ofBlock], [commands.finetuneLastBlock, [project.root]]);
        assert.match(says, /Fine-tune last block/);
        const [none, , lacks] = clicked(many, null);
        assert.equal(none, commands.setUpPython);
        assert.match(lacks, /no Python here has/);
      });
    });

    test('a setting turns them off', async () => {
      const settings = vscode.workspace.getConfiguration('overread', project.uri);
      await settings.update('hints', false, vscode.ConfigurationTarget.Workspace);
      try {
        await withModel(project, '  architecture: tf_efficientnet_lite0\n', async (document) => {
          assert.deepEqual(await inlayHints(document), []);
        });
      } finally {
        await settings.update('hints', undefined, vscode.ConfigurationTarget.Workspace);
      }
    });

    test('leave no mark in the Problems panel', () => {
      const marks = vscode.languages.getDiagnostics(project.configFile);
      assert.deepEqual(
        marks.filter(({ severity }) => severity >= vscode.DiagnosticSeverity.Information),
        [],
      );
    });
  });
});

function lineOf(document: vscode.TextDocument, text: string): number {
  return document.positionAt(document.getText().indexOf(text)).line;
}

function valueOf(
  document: vscode.TextDocument,
  value: string,
): { range: vscode.Range; start: vscode.Position } {
  const at = document.getText().indexOf(`: ${value}`) + 2;
  const start = document.positionAt(at);
  return { start, range: new vscode.Range(start, document.positionAt(at + value.length)) };
}

async function complete(
  document: vscode.TextDocument,
  position: vscode.Position,
  wanted = vscode.CompletionItemKind.EnumMember,
): Promise<vscode.CompletionItem[]> {
  const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
    'vscode.executeCompletionItemProvider',
    document.uri,
    position,
  );
  // The editor adds words of the document by itself.
  return items.filter(({ kind }) => kind === wanted);
}

function labelOf({ label }: vscode.CompletionItem): string {
  return typeof label === 'string' ? label : label.label;
}

function hovers(document: vscode.TextDocument, position: vscode.Position): Thenable<vscode.Hover[]> {
  return vscode.commands.executeCommand('vscode.executeHoverProvider', document.uri, position);
}

function textOf({ contents }: vscode.Hover): string {
  return contents.map((content) => (content as vscode.MarkdownString).value).join('\n');
}

async function inlayHints(document: vscode.TextDocument): Promise<vscode.InlayHint[]> {
  const whole = new vscode.Range(0, 0, document.lineCount, 0);
  const found = await vscode.commands.executeCommand<vscode.InlayHint[]>(
    'vscode.executeInlayHintProvider',
    document.uri,
    whole,
  );
  return found.sort((a, b) => a.position.compareTo(b.position));
}

function hintText({ label }: vscode.InlayHint): string {
  return typeof label === 'string' ? label : label.map(({ value }) => value).join('');
}
