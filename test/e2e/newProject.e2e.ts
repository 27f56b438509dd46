/** "New Project from CSV…" as a person does it: what was understood is looked at, overruled, and only then written. */
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually';
import { keepPicturesOfFailures } from '../support/failurePictures';
import { keptSample } from '../support/keptSamples';
import { openWindow, type SharedSession } from '../support/vscode';

let data: string;
let session: SharedSession;

/** A table beside its images, of which nobody made a project, with what somebody else counted and read. */
async function makeTables(data: string): Promise<void> {
  const sample = await keptSample(60);
  cpSync(path.join(sample, 'images'), path.join(data, 'export', 'png'), { recursive: true });
  const [, ...rows] = readFileSync(path.join(sample, 'samples.csv'), 'utf8').trim().split('\n');
  const lines = rows.map((row, k) => {
    const [image = '', label = ''] = row.split(',');
    return `${path.basename(image)},${label},P${k >> 1},site ${k % 3}`;
  });
  writeFileSync(path.join(data, 'reading.csv'), `file,label,patient,site\n${lines.join('\n')}\n`);
  const ages = rows.map((row, k) => `${path.basename(row.split(',')[0] ?? '')},${40 + k}`);
  writeFileSync(path.join(data, 'ages.csv'), `file,age\n${ages.join('\n')}\n`);
  const readings = rows.flatMap((row, k) => {
    const [image = '', label = ''] = row.split(',');
    const other = rows[(k + 1) % rows.length]?.split(',')[1] ?? '';
    return ['R1', 'R2', 'R3'].map(
      (reader) => `${path.basename(image)},${reader === 'R3' && k % 4 === 0 ? other : label},${reader}`,
    );
  });
  writeFileSync(path.join(data, 'readers.csv'), `file,label,rad_id\n${readings.join('\n')}\n`);
}

beforeAll(async () => {
  session = await openWindow((folder) => makeTables(path.join(folder, 'data')));
  data = path.join(session.folder, 'data');
});

afterAll(() => session.close());

keepPicturesOfFailures(() => session);

async function openPage(table = 'reading.csv'): Promise<Frame> {
  const { workbench } = session;
  await workbench.runCommand('Overread: New Project from CSV…');
  await workbench.chooseFile(path.join(data, table));
  await workbench.pick(/^data/);
  return workbench.webview('.classes figure');
}

/** Chooses in a dropdown of the page by keys. */
async function choose(frame: Frame, setting: string, option: string): Promise<void> {
  const box = frame.getByRole('combobox', { name: setting, exact: true });
  await box.click();
  await box.getByRole('option', { name: option, exact: true }).click();
}

describe('New Project from CSV…', () => {
  it('shows what was understood, with images of each class, and writes nothing when one turns away', async () => {
    const { workbench } = session;
    const frame = await openPage();
    const text = await frame.locator('body').innerText();
    expect(text).toContain('Nothing is written until you make the project');
    expect(text).toContain('60 of 60 images are there');
    expect(text).toContain('60 images of 30 patients');
    await eventually('the images are painted', async () => {
      const painted = await frame
        .locator('.images img')
        .evaluateAll(
          (images) => images.filter((image) => (image as HTMLImageElement).naturalWidth > 0).length,
        );
      expect(painted).toBeGreaterThanOrEqual(8);
    });
    await workbench.screenshot('new-project');
    await frame.getByRole('button', { name: 'Cancel' }).click();
    await workbench.tab(/New Project/).waitFor({ state: 'detached' });
    expect(existsSync(path.join(data, 'overread.yaml'))).toBe(false);
  });

  it('offers what rows of several readers are, and a table beside it', async () => {
    const { workbench } = session;
    const frame = await openPage('readers.csv');
    await frame.getByText(/3 readers, 3 for each image; they disagree on \d+ images?/).waitFor();
    await choose(frame, 'labels.rows', 'one');
    await frame.getByText(/rows that contradict each other/).waitFor();
    await choose(frame, 'labels.rows', 'As guessed');
    await frame.getByText(/they disagree on/).waitFor();
    await choose(frame, 'dataset.join', 'ages.csv');
    await frame.getByText('Kept beside the images, as filters: age').waitFor();
    await workbench.screenshot('new-project-readers');
    await frame.getByRole('button', { name: 'Cancel' }).click();
    await workbench.tab(/New Project/).waitFor({ state: 'detached' });
    expect(existsSync(path.join(data, 'overread.yaml'))).toBe(false);
  });

  it('understands anew what is overruled, says what cannot be, and makes what stands there last', async () => {
    const { workbench } = session;
    const frame = await openPage();
    await choose(frame, 'dataset.group', 'None');
    await frame.getByText('60 images of 60 patients').waitFor();
    await choose(frame, 'dataset.path', 'site');
    await frame.getByRole('alert').waitFor();
    await workbench.screenshot('new-project-fault');
    await choose(frame, 'dataset.path', 'As guessed');
    await frame.getByText('60 images of 60 patients').waitFor();
    await choose(frame, 'dataset.group', 'site');
    await frame.getByText('60 images of 3 patients').waitFor();
    await frame.getByRole('button', { name: 'Make Project' }).click();
    await workbench.notification(/The project is made/).waitFor();
    const yaml = readFileSync(path.join(data, 'overread.yaml'), 'utf8');
    expect(yaml).toMatch(/group: site/);
    expect(yaml).toMatch(/images: export\/png/);
    await workbench.tab(/New Project/).waitFor({ state: 'detached' });
    expect(session.complaints.cspViolations).toEqual([]);
    expect(session.complaints.webviewErrors).toEqual([]);
  });
});
