/** A folder of DICOM files with a table of labels, as a person does it: to the first corrected label, and a file by itself. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { quickModel, runJson } from '../support/cli';
import { writeDicom, type ElementValue } from '../support/dicomFile';
import { patience } from '../../scripts/test/patience.mjs';
import { eventually } from '../support/eventually';
import { keepPicturesOfFailures } from '../support/failurePictures';
import { keptSample } from '../support/keptSamples';
import { labelEvents } from '../support/project';
import { ReviewPage } from '../support/reviewPage';
import { openWindow, type SharedSession } from '../support/vscode';

const films = 'films';
const labels = 'reports.csv';

let data: string;
let session: SharedSession;

/** The drawn sample as a hospital would send it: numbered files without an ending, labels by accession number. */
async function makeFilms(root: string): Promise<void> {
  const sample = await keptSample(60);
  const [, ...rows] = readFileSync(path.join(sample, 'samples.csv'), 'utf8').trim().split('\n');
  const reports = ['accession,diagnosis,referrer'];
  mkdirSync(path.join(root, films), { recursive: true });
  for (const [i, row] of rows.entries()) {
    const [image = '', label = '', patient = ''] = row.split(',');
    const { data: grey, info } = await sharp(path.join(sample, image))
      .resize(128, 128)
      .greyscale()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const text = (tag: string, vr: string, value: string): ElementValue => ({ tag, vr, value });
    const more = [
      text('00080018', 'UI', `1.2.3.${i}`),
      text('00080050', 'SH', `ACC${i}`),
      text('00080060', 'CS', 'DX'),
      text('00100010', 'PN', `Drawn^${patient}`),
      text('00100020', 'LO', `H-${patient}`),
      text('00185101', 'CS', i % 2 === 0 ? 'PA' : 'AP'),
      text('0020000D', 'UI', `1.2.4.${i}`),
      text('00281050', 'DS', '128'),
      text('00281051', 'DS', '255'),
    ];
    writeFileSync(
      path.join(root, films, `IM${String(i).padStart(4, '0')}.dcm`),
      writeDicom({ width: info.width, height: info.height, pixels: grey, more }),
    );
    reports.push(`ACC${i},${label},Dr. Drawn`);
  }
  writeFileSync(path.join(root, labels), `${reports.join('\n')}\n`);
}

beforeAll(async () => {
  session = await openWindow((folder) => makeFilms(path.join(folder, 'hospital')));
  data = path.join(session.folder, 'hospital');
});

afterAll(() => session.close());

keepPicturesOfFailures(() => session);

describe('a folder of DICOM files with a table of labels', () => {
  it('is shown before it becomes a project, with images of each class and nobody’s name', async () => {
    const { workbench } = session;
    await workbench.runCommand('Overread: New Project from DICOM Files…');
    await workbench.chooseFolder(path.join(data, films));
    await workbench.pick('In a table…');
    await workbench.chooseFile(path.join(data, labels));
    await workbench.pick(/^hospital/);
    const frame = await workbench.webview('.classes figure');
    const text = await frame.locator('body').innerText();
    expect(text).toContain('60 images of');
    expect(text).toContain('dataset.pseudonym_key');
    expect(text).toContain('referrer: it may tell who somebody is');
    expect(text).not.toMatch(/Drawn\^|H-P\d|Dr\. Drawn/);
    await eventually('the images are painted', async () => {
      const painted = await frame
        .locator('.images img')
        .evaluateAll(
          (images) => images.filter((image) => (image as HTMLImageElement).naturalWidth > 0).length,
        );
      expect(painted).toBeGreaterThanOrEqual(6);
    });
    await workbench.screenshot('new-project-dicom');
    expect(existsSync(path.join(data, 'overread.yaml'))).toBe(false);
    await frame.getByRole('button', { name: 'Make Project' }).click();
    await eventually('the project is written', () => {
      expect(existsSync(path.join(data, 'overread.yaml'))).toBe(true);
    });
    // Its settings are opened, and would lie above what is opened before.
    await workbench.page.locator('.tab', { hasText: 'overread.yaml' }).waitFor({ timeout: 4 * patience });
    const table = readFileSync(path.join(data, 'samples.csv'), 'utf8');
    expect(table).not.toMatch(/Drawn|H-P|ACC\d|1\.2\.3/);
  });

  it('is fine-tuned, and the first label is corrected by a key', async () => {
    const { workbench } = session;
    await runJson(['finetune', data, ...quickModel]);
    await workbench.showActivity('Overread');
    await workbench.runCommand('Overread: Review All Images');
    const page = await ReviewPage.find(workbench);
    await eventually('the tiles are drawn', async () => {
      // Without the test part, which stays out of sight.
      expect(await page.total()).toBeGreaterThan(20);
    });
    const { name, position } = await eventually('a tile has the keys', async () => {
      const focused = await page.focused();
      expect(focused?.name).toContain('.dcm');
      return focused!;
    });
    await page.keysApply();
    const label = await page.labelOf(position);
    // The classes have the keys in the order of the alphabet.
    const [key, value] = label === 'Normal' ? ['3', 'Opacity'] : ['2', 'Normal'];
    await page.press(key);
    await eventually('the event is on disk', () => {
      expect(labelEvents(data)).toMatchObject([
        {
          annotator: 'Test Reader',
          op: 'set',
          value,
          previous: label,
          sample: /IM\d{4}\.dcm/.exec(name)?.[0],
        },
      ]);
    });
    await eventually('the films are painted', async () => {
      const painted = await page.frame
        .locator('img')
        .evaluateAll(
          (images) => images.filter((image) => (image as HTMLImageElement).naturalWidth > 0).length,
        );
      expect(painted).toBeGreaterThanOrEqual(18);
    });
    await workbench.screenshot('review-dicom');
  });

  it('opens a file by itself, with its image and its elements', async () => {
    const { workbench } = session;
    await workbench.runCommand('Go to File...');
    await workbench.page.keyboard.type('IM0003.dcm');
    await workbench.pick('IM0003.dcm');
    const frame = await workbench.webview('.elements tbody tr');
    await frame.getByRole('row', { name: /PatientName/ }).waitFor();
    expect(await frame.getByRole('row', { name: /PatientName/ }).textContent()).toContain('Drawn^');
    await frame.getByRole('searchbox', { name: 'Search elements' }).fill('0028,1050');
    await frame.getByText(/^1 of \d+ elements$/).waitFor();
    await eventually('the image is on the canvas', async () => {
      const stage = await frame.locator('.stage').screenshot();
      const { channels } = await sharp(stage).stats();
      expect(channels[0]?.max ?? 0).toBeGreaterThan(100);
    });
    await workbench.screenshot('dicom-editor');
    expect(session.complaints.cspViolations).toEqual([]);
    expect(session.complaints.webviewErrors).toEqual([]);
    expect(readdirSync(path.join(data, films))).toHaveLength(60);
  });
});
