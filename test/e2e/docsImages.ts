/**
 * `npm run docs:images`: pictures of the real window for README and docs, made of the synthetic sample only.
 * Run again whenever what they show has changed; `-- choosing` takes those of docs/choosing.md only, `-- heat-maps`
 * that of docs/heat-maps.md, `-- run` that of docs/run-page.md, `-- training` that of docs/training.md (OVERREAD_PYTHON names a Python with
 * PyTorch), `-- looking` those of docs/cohorts.md, `-- findings` those of a project of 14 findings, `-- suspects` and `-- checks` those of
 * docs/suspects.md and docs/check.md.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import sharp from 'sharp';
import { ByKeys } from '../support/byKeys';
import { runJson } from '../support/cli';
import { eventually } from '../support/eventually';
import { makeFourteenFindings } from '../support/fourteenFindings';
import { Grid } from '../support/grid';
import { plantTwins } from '../support/plantTwins';
import { openVscode } from '../support/vscode';
import type { Workbench } from '../support/workbench';
import { takeChoosingImages } from './choosingImages';

const images = path.resolve('docs', 'images');

/** Clears what the step before left over the window, and saves it. */
async function keep(workbench: Workbench, name: string): Promise<void> {
  // Notifications and hovers of the step before would cover what the picture is about.
  await workbench.runCommand('Notifications: Clear All Notifications');
  await workbench.page.mouse.move(2, 2);
  await workbench.page.waitForTimeout(800);
  await save(workbench, name);
}

/** The same in Read mode, which the Escape before a command of the palette would close. */
async function keepReading(workbench: Workbench, name: string): Promise<void> {
  await workbench.page.mouse.move(2, 2);
  await workbench.page.waitForTimeout(1500);
  await save(workbench, name);
}

/** Saves the window as it is, with a palette of 256 colours: a fifth of the size, and no difference to see. */
async function save(workbench: Workbench, name: string): Promise<void> {
  const file = path.join(images, `${name}.png`);
  const picture = await workbench.page.screenshot();
  await sharp(picture).png({ palette: true, quality: 95, effort: 10 }).toFile(file);
  console.log(`${path.relative('.', file)}: ${(statSync(file).size / 1024).toFixed(0)} kB`);
}

/** Shows the errors of a fine-tuned sample, painted, and clears up after the pictures were taken. */
async function withErrors(
  make: (project: string) => Promise<unknown>,
  take: (workbench: Workbench, grid: Grid) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'overread-images-'));
  const project = path.join(folder, 'sample');
  await make(project);
  await runJson(['finetune', project]);
  const session = await openVscode({
    workspace: project,
    settings: { 'overread.annotator': 'A. Reader', 'window.commandCenter': false },
    viewport: { width: 1360, height: 850 },
  });
  const { workbench } = session;
  try {
    await workbench.showActivity('Overread');
    await workbench.runCommand('Overread: Review Errors');
    const grid = await Grid.find(workbench);
    await grid.picturesPainted();
    await take(workbench, grid);
  } finally {
    await session.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function takeReviewImages(workbench: Workbench, grid: Grid): Promise<void> {
  await keep(workbench, 'review-grid');

  const [first] = await grid.tiles();
  await grid.focus(first!.key);
  await grid.press('Enter');
  await keepReading(workbench, 'detail');
  const reader = grid.frame.locator('.reader');
  await eventually('the tiles are back', async () => {
    await grid.frame.locator('.film.on').focus();
    await grid.press('Escape');
    await reader.waitFor({ state: 'hidden', timeout: 1000 });
  });

  await grid.selectFirst(6);
  await grid.press('a');
  await workbench.statusBarItem(/6 images edited since run/).waitFor();
  await keep(workbench, 'label-edits');

  await workbench.runCommand('Preferences: Color Theme');
  await workbench.answer('Light Modern');
  await workbench.page.waitForTimeout(1000);
  await keep(workbench, 'light');

  await workbench.statusBarItem(/images edited since run/).click();
  await grid.frame.locator('.refit-strip').waitFor({ timeout: 120_000 });
  await keep(workbench, 'fine-tuned');
}

/** A class activation map over the image of an error, with a frame around what the network saw. */
async function takeHeatmapImage(workbench: Workbench, grid: Grid): Promise<void> {
  await workbench.runCommand('View: Close Primary Side Bar');
  await grid.focus((await grid.tiles())[2]!.key);
  await grid.press('Enter');
  await grid.press('h');
  // The first map opens the network.
  await grid.frame
    .locator('.heat .method', { hasText: 'Class activation map' })
    .waitFor({ timeout: 120_000 });
  await keepReading(workbench, 'heat-maps');
}

/** Images with their findings in doubt, letters on all findings of one, and one read. */
async function takeFindingImages(workbench: Workbench, grid: Grid): Promise<void> {
  await workbench.runCommand('View: Close Primary Side Bar');
  await grid.focus((await grid.tiles())[0]!.key);
  await keep(workbench, 'findings');
  await grid.focus((await grid.tiles())[0]!.key);
  await grid.press('j');
  await grid.frame.locator('.label-hints .with-shift').last().waitFor();
  await keepReading(workbench, 'findings-letters');
  await grid.frame.locator('.label-hints[open]').press('Escape');
  await grid.focus((await grid.tiles())[0]!.key);
  await grid.press('Enter');
  await grid.frame.locator('.finding-list .finding').first().waitFor();
  await keepReading(workbench, 'findings-read');
}

const sample =
  (images: number) =>
  (project: string): Promise<unknown> =>
    runJson(['sample', project, '--images', String(images)]);

/** Cohorts and the map of the same run. */
async function takeLookingImages(workbench: Workbench): Promise<void> {
  await workbench.runCommand('View: Close Primary Side Bar');
  await workbench.runCommand('View: Close All Editors');
  await workbench.runCommand('Overread: Show Cohorts');
  const cohorts = await workbench.webview('main table');
  await cohorts.locator('table').first().waitFor({ timeout: 60_000 });
  await keep(workbench, 'cohorts');
  await workbench.runCommand('View: Close All Editors');
  await workbench.runCommand('Overread: Show Map of Images');
  const map = await workbench.webview('.legend');
  await map.locator('.legend li').first().waitFor({ timeout: 60_000 });
  await keep(workbench, 'map');
}

/** Without the matrix beside them. */
async function showTilesAlone(grid: Grid): Promise<void> {
  await grid.focus((await grid.tiles())[0]!.key);
  await grid.press('m');
  await grid.frame.locator('.matrix').waitFor({ state: 'hidden' });
  await grid.picturesPainted();
}

/** Labels that are probably wrong, as their queue shows them. */
async function takeSuspectImages(workbench: Workbench): Promise<void> {
  const keys = new ByKeys(workbench);
  await keys.toRow('Overread: Focus on Review Queues View', /^Suspected labels/);
  await keys.press('Enter');
  const grid = await Grid.find(workbench);
  // First by the run's folds, then by ten draws of folds.
  const comparing = grid.frame.locator('.finding-suspects');
  await comparing.waitFor({ timeout: 60_000 });
  await comparing.waitFor({ state: 'hidden', timeout: 300_000 });
  await showTilesAlone(grid);
  await keep(workbench, 'suspects');
}

/** What the check found, at its rows and in the Problems panel, with the quick fixes of a contradiction. */
async function takeCheckImages(workbench: Workbench): Promise<void> {
  await workbench.runCommand('Overread: Check Data');
  await eventually(
    'the check has ended',
    async () => {
      const text = (await workbench.terminalText()).replaceAll(/\s/g, '');
      if (!text.includes('terminatedwithexitcode:1')) throw new Error(text);
    },
    600_000,
  );
  await workbench.runCommand('View: Close Primary Side Bar');
  await workbench.runCommand('Notifications: Clear All Notifications');
  const keys = new ByKeys(workbench);
  await keys.toRow('Problems: Focus on Problems View', 'OVR311');
  const menu = workbench.page.locator('.monaco-menu:visible, .action-widget:visible').first();
  await eventually('the quick fixes are shown', async () => {
    await keys.press('Control+.');
    await menu.waitFor({ timeout: 3000 });
  });
  await keepReading(workbench, 'checks');
}

/** The page of a run, out of fold and on validation. */
async function takeRunImages(workbench: Workbench): Promise<void> {
  await workbench.runCommand('View: Close Primary Side Bar');
  await workbench.runCommand('View: Close All Editors');
  await workbench.runCommand('Overread: Open Run…');
  const frame = await workbench.webview('.charts svg');
  await frame.locator('.chart-out-of-fold-band').first().waitFor({ timeout: 60_000 });
  await frame.locator('h2', { hasText: 'Curves' }).evaluate((title) => title.scrollIntoView());
  await keep(workbench, 'run-page');
}

/** A training of the last block of a network of random weights, in the middle of its folds: it goes on whether it gets better or not. */
async function takeTrainingImage(): Promise<void> {
  const python = process.env['OVERREAD_PYTHON'] ?? process.env['OVERREAD_TEST_PYTHON'];
  if (python === undefined) throw new Error('OVERREAD_PYTHON names no Python with PyTorch');
  const folder = mkdtempSync(path.join(os.tmpdir(), 'overread-images-'));
  const project = path.join(folder, 'sample');
  await sample(96)(project);
  const yaml = path.join(project, 'overread.yaml');
  const deep = 'training:\n  deep: {epochs: 12, patience: 0}';
  writeFileSync(yaml, readFileSync(yaml, 'utf8').replace('training:', deep));
  const asked = ['--architecture', 'resnet18', '--weights', 'random:1', '--device', 'cpu', '--folds', '3'];
  const block = ['--layers', 'last-block', '--python', python, '--detach'];
  const { job } = await runJson<{ job: string }>(['finetune', project, ...asked, ...block]);
  const session = await openVscode({
    workspace: project,
    settings: { 'window.commandCenter': false },
    viewport: { width: 1360, height: 850 },
  });
  const { workbench } = session;
  try {
    await workbench.showActivity('Overread');
    await workbench.statusBarItem(/Fine-tuning: train/).waitFor({ timeout: 240_000 });
    await workbench.runCommand('Overread: Show Training…');
    const frame = await workbench.webview('.charts svg');
    // The second of the folds: what was before it is drawn behind it.
    await frame.locator('.state', { hasText: /Without fold 1: epoch [4-9]/ }).waitFor({ timeout: 600_000 });
    await keep(workbench, 'training');
  } finally {
    await runJson(['jobs', 'cancel', project, job]).catch(() => undefined);
    await session.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const parts: Readonly<Record<string, () => Promise<void>>> = {
  review: () => withErrors(sample(480), takeReviewImages),
  choosing: () => takeChoosingImages(save),
  'heat-maps': () => withErrors(sample(240), takeHeatmapImage),
  looking: () => withErrors(sample(480), takeLookingImages),
  findings: () => withErrors((project) => makeFourteenFindings(project, sample(480)), takeFindingImages),
  suspects: () => withErrors(sample(240), takeSuspectImages),
  checks: () =>
    withErrors((project) => sample(120)(project).then(() => plantTwins(project)), takeCheckImages),
  run: () => withErrors(sample(480), takeRunImages),
  training: takeTrainingImage,
};

async function main(): Promise<void> {
  mkdirSync(images, { recursive: true });
  const named = Object.keys(parts).filter((name) => process.argv.includes(name));
  for (const name of named.length === 0 ? Object.keys(parts) : named) await parts[name]?.();
}

void main();
