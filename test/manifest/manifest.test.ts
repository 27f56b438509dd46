/** The tables of the extension and what the editor reads of them. */
import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderManifest } from '../../scripts/manifest/render';
import { imageFormats } from '../../src/core/images/format';
import {
  contextKeys,
  treeItems,
  viewTypes,
  views,
  commands,
  gridCommands,
} from '../../src/extension/contributions';
import { makeManifest } from '../../src/extension/manifest/contributes';
import { pageRows } from '../../src/extension/manifest/pageRows';
import { partsOnShow } from '../../src/extension/manifest/windowParts';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

interface Contributes {
  readonly commands: readonly { readonly command: string; readonly title: string }[];
  readonly keybindings: readonly { readonly command: string; readonly key: string; readonly when: string }[];
  readonly menus: Readonly<Record<string, readonly { readonly command: string; readonly when: string }[]>>;
  readonly viewsContainers: { readonly activitybar: readonly { readonly icon: string }[] };
  readonly views: Readonly<Record<string, readonly { readonly icon: string }[]>>;
  readonly viewsWelcome: readonly { readonly when: string }[];
  readonly configuration: { readonly properties: Readonly<Record<string, { readonly default: unknown }>> };
  readonly yamlValidation: readonly { readonly url: string }[];
  readonly walkthroughs: readonly {
    readonly steps: readonly {
      readonly media: { readonly svg: string };
      readonly completionEvents: readonly string[];
    }[];
  }[];
}

const made = makeManifest();
const contributes = made.contributes as unknown as Contributes;
const menus = Object.values(contributes.menus).flat();
const steps = contributes.walkthroughs.flatMap((walkthrough) => walkthrough.steps);
const ids: readonly string[] = [...Object.values(commands), ...Object.values(gridCommands)];

describe('the manifest', () => {
  it('is what the tables say', () => {
    // On a difference: npm run manifest
    const files = renderManifest(read('package.json'));
    for (const [file, text] of Object.entries(files)) expect(read(file), file).toBe(text);
  });

  it('has one row for each command, and links to no other', () => {
    expect(contributes.commands.map(({ command }) => command)).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
    const links = [...JSON.stringify(made).matchAll(/(?:command|onCommand):(overread\.[\w.]+)/g)];
    expect(links.length).toBeGreaterThan(20);
    expect(links.map(([, id]) => id).filter((id) => !ids.includes(id ?? ''))).toEqual([]);
  });

  it('names every text, each once, and holds no text itself', () => {
    const named = [...read('package.json').matchAll(/"%([\w.-]+)%"/g)].map(([, key]) => key);
    expect([...new Set(named)].sort()).toEqual(Object.keys(made.texts).sort());
    for (const { title } of contributes.commands) expect(title).toMatch(/^%.+%$/);
  });

  it('gives each setting a default', () => {
    for (const [name, schema] of Object.entries(contributes.configuration.properties)) {
      expect(schema, name).toHaveProperty('default');
    }
  });

  it('asks in `when` clauses for context keys that the code sets', () => {
    const clauses = [...menus, ...contributes.keybindings, ...contributes.viewsWelcome].map(
      ({ when }) => when,
    );
    clauses.push(...steps.flatMap((step) => step.completionEvents));
    const others = new Set<string>([
      ...ids,
      ...Object.values(views),
      ...Object.values(viewTypes),
      ...Object.values(treeItems),
      'overread.yaml',
    ]);
    const used = clauses
      .flatMap((clause) => [...clause.matchAll(/overread\.[\w.]+/g)].map(([word]) => word))
      .filter((word) => !others.has(word));
    const known: readonly string[] = Object.values(contextKeys);
    expect(used.filter((word) => !known.includes(word))).toEqual([]);
  });

  it('gives the commands of the grid a key, which works on the tiles alone', () => {
    const bound = new Set(contributes.keybindings.map(({ command }) => command));
    const withoutKey = Object.values(gridCommands).filter((id) => !bound.has(id));
    // Those of the title's submenus, and those whose key is taken in the page: `?`, and H, which works while it is held.
    expect(withoutKey.filter((id) => !/\.(sort|reverseOrder|tiles)/.test(id))).toEqual([
      gridCommands.toggleHeatmap,
      gridCommands.showKeys,
    ]);
    const onTiles = `activeWebviewPanelId == '${viewTypes.grid}' && ${contextKeys.gridFocused} && !${contextKeys.textFocused}`;
    // One key is bound once for each state of the window, which it tells its command.
    const full = contributes.keybindings.filter(({ command }) => command === gridCommands.maximise);
    const others = contributes.keybindings.filter((one) => !full.includes(one));
    expect(full.map(({ when }) => when)).toEqual(partsOnShow().map(({ when }) => `${onTiles} && ${when}`));
    for (const { when } of others) expect(when).toBe(onTiles);
    const keys = [...others, ...full.slice(0, 1)].map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('opens no earlier than a project, a command or a page asks for it', () => {
    expect(made.activationEvents).toEqual([
      'workspaceContains:**/overread.yaml',
      ...pageRows.filter((row) => !('opens' in row)).map(({ name }) => `onWebviewPanel:overread.${name}`),
    ]);
    // VS Code starts an extension for the editors of its files by itself.
    const editors = (contributes as { customEditors?: { viewType: string }[] }).customEditors;
    expect(editors?.map(({ viewType }) => viewType)).toEqual(['overread.dicom']);
  });

  it('offers the review of every image that can be read', () => {
    const when =
      contributes.menus['explorer/context']?.find(({ command }) => command === commands.reviewInOverread)
        ?.when ?? '';
    const pattern = new RegExp(/=~ \/(.+?)\/i/.exec(when)?.[1] ?? 'none', 'i');
    for (const extension of imageFormats.flatMap(({ extensions }) => extensions)) {
      expect(extension).toMatch(pattern);
    }
  });

  it('names files that exist', () => {
    const { icon } = JSON.parse(read('package.json')) as { icon: string };
    const files = [
      icon,
      ...contributes.viewsContainers.activitybar.map((container) => container.icon),
      ...Object.values(contributes.views).flatMap((list) => list.map((view) => view.icon)),
      ...contributes.yamlValidation.map(({ url }) => url),
      ...steps.map(({ media }) => media.svg),
      ...pageRows.map(({ name }) => `webview-ui/${name}/main.ts`),
    ];
    expect(files.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
  });

  it('is typed by the oldest editor that is supported', () => {
    const { engines, devDependencies } = JSON.parse(read('package.json')) as {
      engines: { vscode: string };
      devDependencies: Record<string, string>;
    };
    expect(engines.vscode).toBe(`^${String(devDependencies['@types/vscode'])}`);
  });
});
