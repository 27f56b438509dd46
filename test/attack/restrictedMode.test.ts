/**
 * A hostile project in real VS Code, in Restricted Mode: what a person does with a folder that a stranger sent. One
 * window for all, because a window takes longer than what is tried in it.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually';
import { keepPicturesOfFailures } from '../support/failurePictures';
import { Grid } from '../support/grid';
import { killMatching, markedProcesses } from '../support/processes';
import { readySample } from '../support/readyProjects';
import { openVscode, type VscodeSession } from '../support/vscode';

/** A command whose run could be seen: a new editor tab. */
const link = '[Free images](command:workbench.action.files.newUntitledFile)';
const name = `${link} $(alert) \u202e\u001b[2J`;
/** A word that VS Code shows for each, with what is invisible between. */
const shownName =
  /\[Free images\]\u2060\(command:workbench.action.files.newUntitledFile\) \$\u2060\(alert\) \\u202e/;

/** The name of an image, and of a command once it stands in a shell's start-up file. */
const command = ';touch planted;.png';

/** Finds images of one patient. */
const filter = "path like '%P0001_%'";

let folder: string;
let workspace: string;
let project: string;
let outside: string;
let marker: string;
let before: ReadonlyMap<string, string>;
let session: VscodeSession;

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-restricted-'));
  workspace = path.join(folder, 'workspace');
  project = path.join(workspace, 'project');
  outside = path.join(folder, 'outside');
  marker = path.join(folder, 'planted-ran');
  await fs.mkdir(outside, { recursive: true });
  await readySample(project);
  await makeHostile();
  // With a second project, each is named in the status bar and in a list.
  await fs.mkdir(path.join(workspace, 'second'));
  for (const file of ['overread.yaml', 'samples.csv']) {
    await fs.copyFile(path.join(project, file), path.join(workspace, 'second', file));
  }
  before = await listing();
  session = await openVscode({
    workspace,
    restricted: true,
    // Without VS Code's own git, which looks along PATH as well; this is about ours.
    fewBuiltin: true,
    env: { PATH: `.::${process.env['PATH'] ?? ''}` },
  });
});

afterAll(async () => {
  await session.close();
  await fs.rm(folder, { recursive: true, force: true });
});

keepPicturesOfFailures(() => session);

/** What a stranger may put into a repository. */
async function makeHostile(): Promise<void> {
  const config = path.join(project, 'overread.yaml');
  const yaml = await fs.readFile(config, 'utf8');
  const quoted = JSON.stringify(name).replaceAll('\u202e', '\\u202e');
  await fs.writeFile(
    config,
    yaml
      .replace(/^name: .*$/m, `name: ${quoted}`)
      .replace('[Normal, Opacity,', `[Normal, ${quoted},`)
      // A filter of the stranger's, which is not run before the folder is trusted.
      .replace(/^review:\n/m, () => `review:\n  queues: { Strange: ${JSON.stringify(filter)} }\n`)
      // What a backtracking engine takes for ever over, and nobody waits for on opening a folder.
      .replace(/^ {2}group: .*$/m, () => "  group: { column: path, pattern: '^(([A-Za-z0-9_./]+)+)+!$' }"),
  );
  const table = path.join(project, 'samples.csv');
  const rows = (await fs.readFile(table, 'utf8')).replaceAll('Opacity', name);
  await fs.writeFile(
    table,
    `${rows}images/${command},Normal,P9999,AP,22,M\nimages/pipe.png,Normal,P9998,AP,2,M\n`,
  );
  await fs.copyFile(path.join(project, 'images', 'P0001_1.png'), path.join(project, 'images', command));
  execFileSync('mkfifo', [path.join(project, 'images', 'pipe.png')]);

  // Links to what a shell reads at its start, at each place where labels, hashes and looks are written.
  for (const [place, target] of [
    ['.overread/content-hashes.jsonl', 'profile-1'],
    ['splits/test-looks.jsonl', 'profile-2'],
  ] as const) {
    await fs.writeFile(path.join(outside, target), '# a start-up file\n');
    await fs.mkdir(path.dirname(path.join(project, place)), { recursive: true });
    await fs.symlink(path.join(outside, target), path.join(project, place));
  }
  await fs.mkdir(path.join(outside, 'labels'));
  await fs.symlink(path.join(outside, 'labels'), path.join(project, 'labels'));

  for (const program of ['git', 'python3', 'python', 'pip', 'pip3', 'code', 'node']) {
    for (const place of [workspace, project]) {
      await fs.writeFile(path.join(place, program), `#!/bin/sh\necho ${program} "$@" >> '${marker}'\n`, {
        mode: 0o755,
      });
    }
  }
}

/** Every file of the workspace and beside it, by its content. */
async function listing(): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const root of [workspace, outside]) {
    for (const entry of await fs.readdir(root, { recursive: true, withFileTypes: true })) {
      const file = path.join(entry.parentPath, entry.name);
      const kind = entry.isFile()
        ? createHash('sha256')
            .update(await fs.readFile(file))
            .digest('hex')
        : entry.isDirectory()
          ? 'folder'
          : 'special';
      found.set(path.relative(folder, file), kind);
    }
  }
  return found;
}

describe('8.1–8.3, 8.6 a hostile project in Restricted Mode', () => {
  it('is shown: the grid, scrolled to its end, with an image that never comes', async () => {
    const { workbench } = session;
    await workbench.statusBarItem(/Restricted Mode/).waitFor({ timeout: 30_000 });
    await workbench.runCommand('Overread: Review All Images');
    const grid = await Grid.find(workbench, 30_000);
    const [first] = await grid.tiles();
    await grid.focus(first!.key);
    await grid.press('Control+End');
    const last = await grid.total();
    await grid.frame.locator(`.tile[aria-posinset="${String(last)}"]`).waitFor();
    await eventually('the pictures at the end are there, whatever the pipe does', async () => {
      const painted = await grid.frame.locator('.tile[data-key] img.picture').count();
      expect(painted).toBeGreaterThan(3);
    });
  });

  it('cannot be edited, and says so in one sentence', async () => {
    const { workbench } = session;
    const grid = await Grid.find(workbench);
    const [first] = await grid.tiles();
    await grid.focus(first!.key);
    await grid.press('2');
    await workbench.runCommand('Overread: Undo Label Edit');
    await workbench.notification(/not trusted, Overread only shows images\./).waitFor();
    expect(await grid.acknowledged()).toEqual([]);
  });

  it('has no link in its notifications, tooltips and lists: its name stands there as text', async () => {
    const { workbench } = session;
    await workbench.runCommand('Overread: Open Comparison…');
    const toast = workbench.notification(/has no comparison yet/).first();
    await toast.waitFor();
    expect(await toast.locator('.notification-list-item-message').innerText()).toMatch(shownName);
    expect(await toast.locator('.notification-list-item-message a').count()).toBe(0);
    expect(await toast.locator('.notification-list-item-message .codicon').count()).toBe(0);

    await toast.locator('.codicon-notifications-clear').click();

    const item = workbench.statusBarItem(/Free images/).first();
    expect(await item.innerText()).toMatch(shownName);
    expect(await item.locator('.codicon-alert').count()).toBe(0);
    await item.click();
    const choice = workbench
      .quickPickRows()
      .filter({ hasText: /Free images/ })
      .first();
    await choice.waitFor();
    expect(await choice.innerText()).toMatch(shownName);
    expect(await choice.locator('.monaco-link, .codicon-alert').count()).toBe(0);
    await workbench.page.keyboard.press('Escape');

    await workbench.showActivity('Overread');
    const row = workbench.treeItem(/Free images/).first();
    await row.waitFor();
    expect(await row.locator('a.monaco-link, .codicon-alert').count()).toBe(0);
    await row.hover();
    const hover = workbench.page.locator('.monaco-hover:visible').filter({ hasText: 'Free images' }).first();
    await hover.waitFor();
    expect(await hover.locator('a').count()).toBe(0);
    expect(await workbench.tab(/^Untitled-/).count()).toBe(0);
  });

  it('has its own filter neither offered in the page, nor run or counted from the side bar', async () => {
    const { workbench } = session;
    const grid = await Grid.find(workbench);
    const total = await grid.total();
    const offered = await grid.frame.locator('.bar vscode-option').allTextContents();
    expect(offered.length).toBeGreaterThan(3);
    expect(offered.filter((text) => text.includes('Strange'))).toEqual([]);
    await workbench.showActivity('Overread');
    const row = workbench.treeItem('Strange');
    await row.waitFor();
    await row.click();
    await workbench
      .notification(/not trusted, Overread only shows images\./)
      .first()
      .waitFor();
    expect((await row.innerText()).trim()).toBe('Strange');
    expect(await grid.total()).toBe(total);
    await workbench.runCommand('Notifications: Clear All Notifications');
  });

  it('wrote nothing inside and nothing outside, and started no program of its own', async () => {
    expect(await fs.readFile(marker, 'utf8').catch(() => 'nothing ran')).toBe('nothing ran');
    expect(await listing()).toEqual(before);
  });

  it('that is trusted after all has its filter run when it is opened, and then counted', async () => {
    const { workbench } = session;
    await workbench.runCommand('Workspaces: Manage Workspace Trust');
    const trust = workbench.page.locator('.workspace-trust-editor .monaco-button', { hasText: /^Trust$/ });
    await trust.first().click();
    await workbench.statusBarItem(/Restricted Mode/).waitFor({ state: 'hidden' });
    // The editor's page of trust lies over the window.
    await eventually('its page is closed', async () => {
      await workbench.page
        .locator('.monaco-modal-editor-block .codicon-close')
        .first()
        .click({ timeout: 2000 })
        .catch(() => undefined);
      expect(await workbench.page.locator('.workspace-trust-editor').isVisible()).toBe(false);
    });
    await workbench.showActivity('Overread');
    const row = workbench.treeItem('Strange');
    await row.waitFor();
    expect((await row.innerText()).trim()).toBe('Strange');
    await row.click();
    await eventually('the images of one patient are listed and counted', async () => {
      const grid = await Grid.find(workbench);
      const keys = (await grid.tiles()).map(({ key }) => decodeURIComponent(key));
      expect(keys.length).toBeGreaterThan(0);
      expect(keys.filter((key) => !key.includes('P0001_'))).toEqual([]);
      expect((await row.innerText()).replace(/\s+/g, '')).toBe(`Strange${String(keys.length)}`);
    });
  });

  it('leaves nothing behind when its window’s process is killed', async () => {
    const ours = /dist\/(engine|cli|[a-zA-Z]*[wW]orker|[a-zA-Z]*[pP]rogram)\.js/;
    const { mark } = session.server;
    expect(markedProcesses(mark).some(({ command }) => ours.test(command))).toBe(true);
    killMatching(mark, /--type=extensionHost/);
    await session.browser.close();
    await eventually(
      'every process of ours is gone',
      () => expect(markedProcesses(mark).filter(({ command }) => ours.test(command))).toEqual([]),
      4000,
    );
  });
});
