/** package.json, package.nls.json and the code name the same things, both ways. */
import * as assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { commandTable } from '../../src/extension/commands/table';
import {
  commands,
  contextKeys,
  matchedDiagnostics,
  gridCommands,
  problemMatcher,
  settingNames,
  settingsSection,
  taskType,
  treeItems,
  viewContainer,
  views,
  viewTypes,
  walkthrough,
} from '../../src/extension/contributions';
import { extension, services } from './support/extension';

interface MenuEntry {
  readonly command: string;
  readonly when?: string;
}
interface Manifest {
  readonly icon: string;
  readonly engines: { readonly vscode: string };
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly activationEvents: readonly string[];
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string }[];
    readonly keybindings: readonly (MenuEntry & { readonly key: string })[];
    readonly menus: Readonly<Record<string, readonly MenuEntry[]>>;
    readonly viewsContainers: {
      readonly activitybar: readonly { readonly id: string; readonly icon: string }[];
    };
    readonly views: Readonly<Record<string, readonly { readonly id: string; readonly icon: string }[]>>;
    readonly viewsWelcome: readonly {
      readonly view: string;
      readonly when: string;
      readonly contents: string;
    }[];
    readonly configuration: { readonly properties: Readonly<Record<string, object>> };
    readonly taskDefinitions: readonly { readonly type: string }[];
    readonly problemMatchers: readonly { readonly name: string; readonly owner: string }[];
    readonly yamlValidation: readonly { readonly url: string }[];
    readonly walkthroughs: readonly {
      readonly id: string;
      readonly steps: readonly {
        readonly description: string;
        readonly media: { readonly svg: string };
        readonly completionEvents: readonly string[];
      }[];
    }[];
  };
}

const root = extension().extensionPath;
const text = readFileSync(path.join(root, 'package.json'), 'utf8');
const manifest = JSON.parse(text) as Manifest;
const strings = JSON.parse(readFileSync(path.join(root, 'package.nls.json'), 'utf8')) as Record<
  string,
  string
>;
const { contributes } = manifest;

const sorted = (values: Iterable<string>): string[] => [...new Set(values)].sort();
const allCommands = sorted([...Object.values(commands), ...Object.values(gridCommands)]);
const allText = `${text}\n${Object.values(strings).join('\n')}`;

suite('manifest', () => {
  test('commands: the ids, the table, package.json and the editor agree', async () => {
    await services();
    assert.deepEqual(sorted(commandTable.map(({ id }) => id)), allCommands);
    assert.equal(commandTable.length, allCommands.length);
    assert.deepEqual(sorted(contributes.commands.map(({ command }) => command)), allCommands);
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      allCommands.filter((id) => !registered.has(id)),
      [],
    );
  });

  test('menus, keybindings, welcome views and walkthrough name declared commands only', () => {
    const named = [...Object.values(contributes.menus).flat(), ...contributes.keybindings].map(
      ({ command }) => command,
    );
    const linked = [...allText.matchAll(/command:(overread\.[\w.]+)/gi)].map((match) => match[1] ?? '');
    const known = new Set<string>(allCommands);
    assert.deepEqual(
      sorted([...named, ...linked]).filter((id) => !known.has(id)),
      [],
    );
  });

  test('texts: every %key% exists and every key is used', () => {
    const used = sorted([...text.matchAll(/"%([\w.-]+)%"/g)].map((match) => match[1] ?? ''));
    assert.deepEqual(used, sorted(Object.keys(strings)));
  });

  test('texts: nothing that a person reads is written into package.json', () => {
    for (const { title } of contributes.commands) assert.match(title, /^%.+%$/);
    for (const { contents } of contributes.viewsWelcome) assert.match(contents, /^%.+%$/);
    for (const schema of Object.values(contributes.configuration.properties)) {
      assert.match((schema as { markdownDescription: string }).markdownDescription, /^%.+%$/);
    }
  });

  test('settings: names and code agree, and each has a default', () => {
    const declared = Object.entries(contributes.configuration.properties);
    assert.deepEqual(
      sorted(declared.map(([name]) => name)),
      sorted(settingNames.map((name) => `${settingsSection}.${name}`)),
    );
    for (const [name, schema] of declared) assert.ok('default' in schema, `${name} has no default`);
  });

  test('views, container, task type, matcher, walkthrough and panel have the ids of the code', () => {
    assert.deepEqual(
      contributes.viewsContainers.activitybar.map(({ id }) => id),
      [viewContainer],
    );
    assert.deepEqual(
      sorted(contributes.views[viewContainer]!.map(({ id }) => id)),
      sorted(Object.values(views)),
    );
    assert.deepEqual(
      contributes.taskDefinitions.map(({ type }) => type),
      [taskType],
    );
    assert.deepEqual(
      contributes.problemMatchers.map(({ name, owner }) => [`$${name}`, owner]),
      [[problemMatcher, matchedDiagnostics]],
    );
    assert.deepEqual(
      contributes.walkthroughs.map(({ id }) => id),
      [walkthrough],
    );
    for (const viewType of Object.values(viewTypes)) {
      assert.ok(manifest.activationEvents.includes(`onWebviewPanel:${viewType}`), viewType);
    }
    assert.ok(
      !manifest.activationEvents.includes('*') && !manifest.activationEvents.includes('onStartupFinished'),
    );
  });

  test('when clauses use the context keys of the code, and all of those', () => {
    const clauses = [
      ...Object.values(contributes.menus).flat(),
      ...contributes.keybindings,
      ...contributes.viewsWelcome,
    ].map((entry) => entry.when ?? '');
    clauses.push(
      ...contributes.walkthroughs.flatMap(({ steps }) => steps.flatMap((step) => step.completionEvents)),
    );
    const ids = new Set<string>([
      ...Object.values(views),
      ...Object.values(viewTypes),
      ...Object.values(treeItems),
      ...allCommands,
      'overread.yaml',
    ]);
    const used = sorted(
      clauses.flatMap((clause) => [...clause.matchAll(/overread\.[\w.]+/g)].map(([word]) => word)),
    ).filter((word) => !ids.has(word));
    const known = sorted(Object.values(contextKeys));
    assert.deepEqual(
      used.filter((word) => !known.includes(word)),
      [],
    );
  });

  test('every grid command has a key, and no key works outside the tiles or in a text field', () => {
    const bound = sorted(contributes.keybindings.map(({ command }) => command));
    assert.deepEqual(bound, sorted(Object.values(gridCommands)));
    for (const { command, when } of contributes.keybindings) {
      assert.equal(
        when,
        `activeWebviewPanelId == '${viewTypes.grid}' && ${contextKeys.gridFocused} && !${contextKeys.textFocused}`,
        command,
      );
    }
    const keys = contributes.keybindings.map(({ key }) => key);
    assert.equal(new Set(keys).size, keys.length, 'a key is bound twice');
  });

  test('files that the manifest names exist', () => {
    const files = [
      manifest.icon,
      ...contributes.viewsContainers.activitybar.map(({ icon }) => icon),
      ...contributes.views[viewContainer]!.map(({ icon }) => icon),
      ...contributes.yamlValidation.map(({ url }) => url),
      ...contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.svg)),
    ];
    assert.deepEqual(
      files.filter((file) => !existsSync(path.join(root, file))),
      [],
    );
  });

  test('the types are those of the oldest editor that is supported', () => {
    const types = manifest.devDependencies?.['@types/vscode'];
    if (types !== undefined) assert.equal(manifest.engines.vscode, `^${types}`);
  });
});
