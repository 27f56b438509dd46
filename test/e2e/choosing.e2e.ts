/**
 * Choosing an architecture as a person does: from the palette, by keyboard, in a file with comments. Before, predictions are imported
 * into the same project.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually';
import { keepPicturesOfFailures } from '../support/failurePictures';
import { openWindow, type SharedSession } from '../support/vscode';
import { drawnSample } from '../support/windowProjects';
import { describeImports } from './imports';

let project: string;
let config: string;
let session: SharedSession;

const read = (): string => readFileSync(config, 'utf8');

beforeAll(async () => {
  session = await openWindow(async (folder) => {
    const made = path.join(folder, 'sample');
    await drawnSample(made, 60);
    const file = path.join(made, 'overread.yaml');
    const text = readFileSync(file, 'utf8')
      .replace(/^dataset:\n/m, 'dataset:\n  modality: x-ray\n  anatomy: lungs\n')
      .replace(/^( +architecture:).*$/m, '$1 tf_efficientnet_lite0 # what we had');
    writeFileSync(file, text);
  });
  project = path.join(session.folder, 'sample');
  config = path.join(project, 'overread.yaml');
});

afterAll(() => session.close());

keepPicturesOfFailures(() => session);

describeImports(() => ({ session, project }));

describe('choosing an architecture in VS Code', () => {
  it('shows what the images suggest where the setting is', async () => {
    const { workbench } = session;
    await workbench.runCommand('Overread: Open Configuration');
    await workbench.page.getByText('DenseNet-121 suggested: x-ray, lungs').waitFor();
    await workbench.page.getByText('under 1,000 images: the last layer only').waitFor();
    await workbench.page.getByText('Choose architecture…').waitFor();
  });

  it('lists the suggestion first and finds an architecture by what it is used for', async () => {
    const { workbench } = session;
    await workbench.runCommand('Overread: Choose Architecture…');
    const rows = workbench.quickPickRows();
    await rows.filter({ hasText: 'DenseNet-121' }).waitFor();
    expect(await rows.first().innerText()).toMatch(/DenseNet-121[^]*7\.98 M parameters[^]*CheXNet/);
    await workbench.page.keyboard.type('retin');
    await eventually('only those for the retina are left', async () => {
      const texts = await rows.allInnerTexts();
      expect(texts.some((text) => text.includes('Inception V3'))).toBe(true);
      expect(texts.some((text) => text.includes('ResNet'))).toBe(false);
    });
  });

  it('writes what was picked by keyboard, keeps the comment, and the hint goes', async () => {
    const { workbench } = session;
    const before = read();
    const { keyboard } = workbench.page;
    await keyboard.press('Control+a');
    await keyboard.type('DenseNet-121');
    await eventually('DenseNet-121 is the row to take', async () => {
      const first = workbench.quickPickRows().first();
      expect(await first.innerText()).toContain('DenseNet-121');
      expect(await first.getAttribute('class')).toContain('focused');
    });
    await keyboard.press('Enter');
    await eventually('the file is changed', () => {
      expect(read()).toBe(before.replace('tf_efficientnet_lite0 # what', 'densenet121 # what'));
    });
    await workbench.page.getByText('DenseNet-121 suggested').waitFor({ state: 'detached' });
  });

  it('cuts it after a block, by keyboard', async () => {
    const { workbench } = session;
    await workbench.runCommand('Overread: Cut Architecture after a Block…');
    await workbench.quickPickRows().filter({ hasText: 'denseblock3' }).waitFor();
    await workbench.page.keyboard.type('denseblock3');
    await eventually('one block is left', async () => {
      expect(await workbench.quickPickRows().count()).toBe(1);
    });
    await workbench.page.keyboard.press('Enter');
    await eventually('the file is changed', () => {
      expect(read()).toMatch(/architecture: densenet121 # what we had\n[^]*^ {2}truncate: denseblock3$/m);
    });
  });

  it('completes the architecture, the suggestion first', async () => {
    const { workbench } = session;
    const { keyboard } = workbench.page;
    await keyboard.press('Control+1');
    const line =
      read()
        .split('\n')
        .findIndex((text) => text.includes('architecture:')) + 1;
    await workbench.runCommand('Go to Line/Column...');
    await keyboard.type(`${String(line)}:17`);
    await keyboard.press('Enter');
    await keyboard.press('Control+Shift+ArrowRight');
    await keyboard.press('Delete');
    const offers = workbench.page.locator('.suggest-widget.visible .monaco-list-row');
    // What was deleted is being looked at: an offer that comes back before is dropped by the editor.
    await eventually('values are offered', async () => {
      await keyboard.press('Control+Space');
      await offers.first().waitFor({ timeout: 3000 });
    });
    expect(await offers.first().innerText()).toMatch(/densenet121[^]*suggested/);
    await keyboard.press('Enter');
    await keyboard.press('Control+s');
    await eventually('it is saved', () => expect(read()).toContain('architecture: densenet121'));
  });
});
