/** The pictures of docs/choosing.md: the picker and the hover, on the synthetic sample told to be chest X-rays. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { runJson } from '../support/cli';
import { openVscode } from '../support/vscode';
import type { Workbench } from '../support/workbench';

/** @param save takes the window as it is: a picker would close when something else has the focus */
export async function takeChoosingImages(
  save: (workbench: Workbench, name: string) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'overread-choosing-'));
  const project = path.join(folder, 'sample');
  await runJson(['sample', project, '--images', '240']);
  const config = path.join(project, 'overread.yaml');
  const text = readFileSync(config, 'utf8')
    .replace(/^dataset:\n/m, 'dataset:\n  modality: x-ray\n  anatomy: lungs\n')
    .replace(/^( +architecture:) \S+/m, '$1 tf_efficientnet_lite0');
  writeFileSync(config, text);
  const session = await openVscode({
    workspace: project,
    settings: {
      'overread.annotator': 'A. Reader',
      'window.commandCenter': false,
      'editor.minimap.enabled': false,
    },
    viewport: { width: 1180, height: 760 },
  });
  const { workbench } = session;
  const { page } = workbench;
  try {
    await workbench.runCommand('Overread: Open Configuration');
    await page.getByText('DenseNet-121 suggested').waitFor({ timeout: 60_000 });
    await workbench.runCommand('Overread: Choose Architecture…');
    await workbench.quickPickRows().filter({ hasText: 'DenseNet-121' }).waitFor();
    // Where the pointer pressed, a tooltip would come up.
    await page.mouse.move(2, 2);
    await page.waitForTimeout(800);
    await save(workbench, 'choose-architecture');
    await page.keyboard.press('Escape');

    await workbench.runCommand('Preferences: Color Theme');
    await workbench.answer('Light Modern');
    await page.waitForTimeout(1000);
    // The card of the network that is chosen: the one that the hint named.
    await workbench.runCommand('Overread: Choose Architecture…');
    await workbench.quickPickRows().filter({ hasText: 'DenseNet-121' }).waitFor();
    await page.keyboard.type('DenseNet-121');
    await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: 'DenseNet-121' }).waitFor();
    await page.keyboard.press('Enter');
    // The editor shows blanks as no-break spaces.
    const line = page.locator('.view-line', { hasText: /architecture:\sdensenet121/ });
    await line.waitFor();
    const word = (await line.getByText('densenet121').last().boundingBox())!;
    await page.mouse.move(word.x + word.width - 20, word.y + word.height / 2, { steps: 4 });
    await page.locator('.monaco-hover').getByText('CheXNet').first().waitFor();
    await page.waitForTimeout(800);
    await save(workbench, 'architecture-hover');
  } finally {
    await session.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
