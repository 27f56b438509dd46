/**
 * The parts of `package.json` that the tables of this folder decide, and the texts of `package.nls.json`.
 * `npm run manifest` writes them; a test fails while they differ.
 */
import { editorKeys } from '../../protocol/gridKeys';
import { pageRows, type PageRow } from './pageRows';
import { commandRows } from './commandRows';
import { gridCommandRows, titleMenus, type GridCommandRow } from './gridCommandRows';
import type { CommandRow, KeyRow, MenuRow } from './rows';
import { settingRows, type SettingRow } from './settingRows';
import { taskCommands, taskFields } from './taskRows';
import { viewRows, type ViewRow } from './viewRows';
import { partsOnShow } from './windowParts';
import { walkthroughSteps, walkthroughText, walkthroughTitle } from './walkthroughSteps';

export interface Manifest {
  readonly activationEvents: readonly string[];
  /** Settings that a workspace which is not trusted cannot set. */
  readonly restrictedConfigurations: readonly string[];
  readonly contributes: Readonly<Record<string, unknown>>;
  /** The English texts by their keys, in alphabetical order. */
  readonly texts: Readonly<Record<string, string>>;
}

/** Texts that `package.json` names outside `contributes`. */
const described = {
  displayName: 'Overread',
  description:
    'Fine-tune the last layer of an image classifier on medical images, review every error, correct labels with one key, fine-tune again in about a second.',
  untrustedWorkspaces: 'Images can be looked at; labels are not edited and no model is run.',
  virtualWorkspaces: 'Overread reads images from the local disk of the machine the workspace is on.',
};

export function makeManifest(): Manifest {
  const texts = new Map<string, string>(Object.entries(described));
  /** The reference that `package.json` holds to a text. */
  const text = (key: string, english: string): string => {
    const before = texts.get(key);
    if (before !== undefined && before !== english) throw new Error(`Two texts have the key ${key}`);
    texts.set(key, english);
    return `%${key}%`;
  };
  const commands = [...(commandRows as readonly CommandRow[]), ...gridRows()];
  const contributes = {
    ...commandParts(commands, text),
    ...viewParts(text),
    configuration: configuration(text),
    configurationDefaults: {
      'files.watcherExclude': { '**/.overread/**': true },
      'search.exclude': { '**/.overread': true },
    },
    taskDefinitions: [taskDefinition(text)],
    ...problems(text),
    customEditors: customEditors(text),
    yamlValidation: [{ fileMatch: 'overread.yaml', url: './schemas/overread.schema.json' }],
    walkthroughs: [walkthrough(text)],
  };
  return {
    activationEvents: [
      'workspaceContains:**/overread.yaml',
      ...pages.filter(({ opens }) => !opens).map(({ name }) => `onWebviewPanel:overread.${name}`),
    ],
    restrictedConfigurations: (settingRows as readonly SettingRow[])
      .filter(({ restricted }) => restricted)
      .map(({ name }) => `overread.${name}`),
    contributes,
    texts: Object.fromEntries([...texts].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

type Text = (key: string, english: string) => string;

const pages: readonly PageRow[] = pageRows;

/** The pages that are editors of files. */
function customEditors(text: Text): readonly unknown[] {
  return pages.flatMap(({ name, opens }) =>
    opens
      ? {
          viewType: `overread.${name}`,
          displayName: text(`editor.${name}`, opens.title),
          selector: opens.files.map((filenamePattern) => ({ filenamePattern })),
          priority: 'default',
        }
      : [],
  );
}

/** The keys of a command of the grid: each label has one of those of the row of labels. */
function keysOf(name: string): readonly KeyRow[] {
  const label = /^label(\d)$/.exec(name)?.[1];
  return label === undefined ? editorKeys(name) : editorKeys('label').filter(({ key }) => key === label);
}

const gridShown = "activeWebviewPanelId == 'overread.grid'";

/** The grid's rows as commands: their keys work on the tiles alone, their menu is that of a tile. */
function gridRows(): readonly CommandRow[] {
  return (gridCommandRows as readonly GridCommandRow[]).map((row) => ({
    name: `grid.${row.name}`,
    title: row.title,
    needs: row.edits ? ['trust', 'grid'] : ['grid'],
    // "Large" alone says nothing in the palette; there is the order of the page and its slider.
    palette: row.submenu === undefined ? gridShown : 'never',
    keys: keysOf(row.name).flatMap((key) => bindings(row.name, key)),
    menus: gridMenus(row),
  }));
}

/** A key of the grid as keybindings: one, or one for each state of the window that its command has to know. */
function bindings(name: string, key: KeyRow): readonly KeyRow[] {
  const when = `${gridShown} && overread.gridFocused && !overread.textFocused`;
  if (name !== 'maximise') return [{ ...key, when }];
  return partsOnShow().map(({ shown, when: parts }) => ({
    ...key,
    when: `${when} && ${parts}`,
    args: { shown },
  }));
}

function gridMenus({ tileMenu, submenu }: GridCommandRow): readonly MenuRow[] {
  const when = "webviewId == 'overread.grid' && webviewSection == 'tile'";
  return [
    ...(tileMenu === undefined ? [] : [{ in: 'webview/context' as const, when, group: tileMenu }]),
    ...(submenu === undefined
      ? []
      : [{ in: `overread.${submenu[0]}` as const, when: gridShown, group: submenu[1] }]),
  ];
}

/** The submenus in the title of the review's tab. */
function submenus(text: Text) {
  return Object.entries(titleMenus).map(([name, { title, icon }]) => ({
    id: `overread.${name}`,
    label: text(`submenu.${name}`, title),
    icon,
  }));
}

function commandParts(rows: readonly CommandRow[], text: Text) {
  const menus: Record<string, { command?: string; submenu?: string; when: string; group?: string }[]> = {
    commandPalette: [],
    'editor/title': Object.entries(titleMenus).map(([name, { group }]) => ({
      submenu: `overread.${name}`,
      when: gridShown,
      group,
    })),
  };
  const keybindings: (KeyRow & { command: string })[] = [];
  for (const { name, palette, menus: places = [], keys = [] } of rows) {
    const command = `overread.${name}`;
    if (palette !== undefined) {
      menus['commandPalette']?.push({ command, when: palette === 'never' ? 'false' : palette });
    }
    for (const { in: menu, when, group } of places) {
      (menus[menu] ??= []).push({ command, when, group });
    }
    for (const key of keys) keybindings.push({ command, ...key });
  }
  return {
    commands: rows.map(({ name, title, icon }) => ({
      command: `overread.${name}`,
      title: text(`command.${name}`, title),
      category: text('category', 'Overread'),
      ...(icon === undefined ? {} : { icon }),
    })),
    keybindings,
    submenus: submenus(text),
    menus,
  };
}

function viewParts(text: Text) {
  const title = text('viewsContainer', 'Overread');
  const icon = 'media/overread.svg';
  return {
    viewsContainers: { activitybar: [{ id: 'overread', title, icon }] },
    views: {
      overread: viewRows.map(({ name, title: view, size }) => ({
        id: `overread.${name}`,
        name: text(`view.${name}`, view),
        size,
        icon,
        contextualTitle: title,
      })),
    },
    viewsWelcome: (viewRows as readonly ViewRow[]).flatMap(({ name, welcome }) =>
      welcome.map((row) => ({
        view: `overread.${name}`,
        when: row.when,
        contents: text(`welcome.${row.key}`, row.text),
      })),
    ),
  };
}

function configuration(text: Text) {
  const rows: readonly SettingRow[] = settingRows;
  return {
    title: text('configuration', 'Overread'),
    properties: Object.fromEntries(
      rows.map(({ name, text: english, schema, values, scope }, order) => [
        `overread.${name}`,
        {
          ...schema,
          ...(values ? { enum: Object.keys(values) } : {}),
          scope,
          markdownDescription: text(`setting.${name}`, english),
          ...(values
            ? {
                enumDescriptions: Object.entries(values).map(([value, meaning]) =>
                  text(`setting.${name}.${value}`, meaning),
                ),
              }
            : {}),
          order,
        },
      ]),
    ),
  };
}

function taskDefinition(text: Text) {
  return {
    type: 'overread',
    required: ['command'],
    properties: {
      command: {
        type: 'string',
        enum: Object.keys(taskCommands),
        enumDescriptions: Object.entries(taskCommands).map(([name, english]) =>
          text(`task.command.${name}`, english),
        ),
        description: text('task.command', 'What to do.'),
      },
      ...Object.fromEntries(
        Object.entries(taskFields).map(([name, { text: english, ...schema }]) => [
          name,
          { ...schema, description: text(`task.${name}`, english) },
        ]),
      ),
    },
  };
}

/** What people's own tasks may read of the output of the command line. */
function problems(text: Text) {
  return {
    problemPatterns: [
      {
        name: 'overread',
        regexp: String.raw`^(.+?):(\d+):(\d+): (error|warning|info) (OVR\d+): (.*)$`,
        ...{ file: 1, line: 2, column: 3, severity: 4, code: 5, message: 6 },
      },
    ],
    problemMatchers: [
      {
        name: 'overread',
        label: text('problemMatcher', 'Overread problems'),
        owner: 'overread-task',
        source: 'overread',
        fileLocation: ['autoDetect', '${cwd}'],
        pattern: '$overread',
      },
    ],
  };
}

function walkthrough(text: Text) {
  return {
    id: 'overread.start',
    title: text('walkthrough.title', walkthroughTitle),
    description: text('walkthrough.description', walkthroughText),
    icon: 'media/icon.png',
    steps: walkthroughSteps.map(({ name, title, text: english, alt, completedBy }) => ({
      id: name,
      title: text(`walkthrough.${name}.title`, title),
      description: text(`walkthrough.${name}.description`, english),
      media: {
        svg: `media/walkthrough/${name}.svg`,
        altText: text(`walkthrough.${name}.alt`, alt),
      },
      completionEvents: completedBy,
    })),
  };
}
