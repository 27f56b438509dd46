/** `overread sample`: a synthetic project that shows and tests the whole loop anywhere. */
import * as path from 'node:path';
import sharp from 'sharp';
import { OverreadError, throwIfCancelled } from '../base/errors';
import { exists } from '../base/files';
import type { WorkOptions } from '../base/ports';
import { ProjectFolder, type FolderPolicy } from '../base/projectFolder';
import { SplitMix32 } from '../base/random';
import { configFile } from '../config/config';
import { renderConfig } from '../config/renderConfig';
import { drawPhantom, type PhantomClass } from './phantom';
import { drawAnatomy, type Anatomy } from './phantomBody';
import { writeHelperFiles } from '../intake/projectFiles';
import { quoteCell } from '../split/splitFiles';

export interface SampleOptions extends WorkOptions {
  /** How many, at least 12; default 240. */
  readonly images?: number;
  /** Default 0. The same seed and number give the same files. */
  readonly seed?: number;
  /** Side of the images in pixels; default 320. */
  readonly size?: number;
  /** What may be written into the folder; by default everything, through no link. */
  readonly policy?: FolderPolicy;
}

/** What was made. */
export interface SampleResult {
  readonly root: string;
  readonly images: number;
  readonly patients: number;
  /** Rows of samples.csv whose label is wrong on purpose; truth.csv has the right one. */
  readonly wrongLabels: number;
  readonly classes: Readonly<Record<PhantomClass, number>>;
  readonly synthetic: true;
}

/** Share of the labels that are made wrong. */
const wrongShare = 0.08;
const classes = ['Normal', 'Opacity', 'Nodule'] as const;
const written = [configFile, 'samples.csv', 'truth.csv', 'README.md'] as const;

interface SampleRow {
  readonly path: string;
  readonly truth: PhantomClass;
  readonly given: PhantomClass;
  readonly patient: string;
  readonly view: 'PA' | 'AP';
  readonly age: number;
  readonly sex: 'F' | 'M';
  readonly anatomy: Anatomy;
  readonly bits: 8 | 16;
}

/**
 * Draws the images and writes samples.csv, truth.csv, overread.yaml and a README that says that all of it is
 * synthetic. 240 images take a few seconds. overread.yaml comes last: an interrupted call leaves no project.
 * @throws OverreadError OVR103 when the folder holds a project or one of these files, OVR002
 */
export async function makeSampleProject(root: string, options: SampleOptions = {}): Promise<SampleResult> {
  const { images = 240, seed = 0, size = 320, signal, onProgress } = options;
  for (const file of written) {
    if (!(await exists(path.join(root, file)))) continue;
    throw new OverreadError({
      code: 'OVR103',
      message: `The folder already holds ${file}, which would be overwritten`,
      place: { file },
      fix: 'Name a new folder.',
    });
  }
  const rows = planRows(images, seed);
  const folder = await ProjectFolder.open(root, options.policy, { make: true });
  await folder.makeFolder('images');
  const encoding: Promise<void>[] = [];
  try {
    for (const [i, row] of rows.entries()) {
      throwIfCancelled(signal);
      const random = new SplitMix32((seed * 1_000_003 + i) >>> 0);
      const pixels = drawPhantom({ size, anatomy: row.anatomy, finding: row.truth, view: row.view, random });
      const written = writePng(folder, row.path, pixels, size, row.bits);
      // Awaited below; until then its failure must not count as unhandled.
      written.catch(() => undefined);
      encoding.push(written);
      // Drawing keeps this thread busy, encoding another: a few may be under way.
      if (encoding.length >= 8) await encoding.shift();
      onProgress?.({ stage: 'sample', done: i + 1, total: rows.length });
    }
    await Promise.all(encoding);
  } finally {
    await Promise.allSettled(encoding);
  }
  await writeTables(folder, rows);
  await writeHelperFiles(folder);
  await folder.writeFile('README.md', readme(rows.length, seed));
  await folder.writeFile(configFile, sampleConfig());
  return {
    root,
    images: rows.length,
    patients: new Set(rows.map((row) => row.patient)).size,
    wrongLabels: rows.filter((row) => row.given !== row.truth).length,
    classes: {
      Normal: rows.filter((row) => row.truth === 'Normal').length,
      Opacity: rows.filter((row) => row.truth === 'Opacity').length,
      Nodule: rows.filter((row) => row.truth === 'Nodule').length,
    },
    synthetic: true,
  };
}

/** Patients of one to four images; most images of a patient show the same, some follow-ups are clear. */
function planRows(images: number, seed: number): SampleRow[] {
  const random = new SplitMix32((seed ^ 0x5eed5eed) >>> 0);
  const rows: Omit<SampleRow, 'given'>[] = [];
  for (let p = 1; rows.length < images; p++) {
    const anatomy = drawAnatomy(random);
    const u = random.uniform();
    const finding = u < 0.44 ? 'Normal' : u < 0.86 ? 'Opacity' : 'Nodule';
    const patient = `P${String(p).padStart(4, '0')}`;
    const age = 20 + random.below(66);
    const sex = random.uniform() < 0.5 ? 'F' : 'M';
    const count = Math.min(1 + random.below(4), images - rows.length);
    for (let i = 1; i <= count; i++) {
      const truth = random.uniform() < 0.85 ? finding : 'Normal';
      rows.push({
        path: `images/${patient}_${i}.png`,
        truth,
        patient,
        view: random.uniform() < (truth === 'Normal' ? 0.25 : 0.35) ? 'AP' : 'PA',
        age,
        sex,
        anatomy,
        bits: random.uniform() < 0.2 ? 16 : 8,
      });
    }
  }
  const order = random.shuffle(rows.map((_, i) => i));
  const wrong = new Set(order.slice(0, Math.round(wrongShare * rows.length)));
  return rows.map((row, i) => ({ ...row, given: wrong.has(i) ? wrongLabel(row.truth, random) : row.truth }));
}

/** Mistakes that readers make: an opacity or nodule overlooked, a normal image over-read. */
function wrongLabel(truth: PhantomClass, random: SplitMix32): PhantomClass {
  if (truth === 'Nodule') return random.uniform() < 0.8 ? 'Normal' : 'Opacity';
  const [likelier, rarer]: [PhantomClass, PhantomClass] =
    truth === 'Normal' ? ['Opacity', 'Nodule'] : ['Normal', 'Nodule'];
  return random.uniform() < 0.9 ? likelier : rarer;
}

async function writePng(
  folder: ProjectFolder,
  file: string,
  pixels: Float32Array,
  size: number,
  bits: 8 | 16,
): Promise<void> {
  const top = bits === 16 ? 65535 : 255;
  const data = bits === 16 ? new Uint16Array(pixels.length) : new Uint8Array(pixels.length);
  for (let at = 0; at < pixels.length; at++) {
    data[at] = Math.round(Math.min(Math.max(pixels[at]!, 0), 1) * top);
  }
  const png = await sharp(data, { raw: { width: size, height: size, channels: 1 } })
    .toColourspace(bits === 16 ? 'grey16' : 'b-w')
    .png()
    .toBuffer();
  await folder.writeFile(file, png);
}

async function writeTables(folder: ProjectFolder, rows: readonly SampleRow[]): Promise<void> {
  const table = (lines: readonly (readonly (string | number)[])[]): string =>
    lines.map((cells) => `${cells.map((cell) => quoteCell(String(cell))).join(',')}\n`).join('');
  const samples = rows.map((row) => [row.path, row.given, row.patient, row.view, row.age, row.sex]);
  const truth = rows.map((row) => [row.path, row.truth, row.given, row.given === row.truth ? 0 : 1]);
  await folder.writeFile('truth.csv', table([['path', 'truth', 'given', 'wrong'], ...truth]));
  await folder.writeFile(
    'samples.csv',
    table([['path', 'label', 'patient_id', 'view', 'age', 'sex'], ...samples]),
  );
}

function sampleConfig(): string {
  return renderConfig({
    name: 'Synthetic sample',
    header: ['SYNTHETIC: the images were drawn by a program (overread sample). No patient was imaged.'],
    settings: [
      ['dataset.table', 'samples.csv', 'truth.csv has the right labels; Overread does not read it'],
      ['dataset.images', '.'],
      ['dataset.path', 'path'],
      ['dataset.group', 'patient_id', 'the patient: never divided between parts and folds'],
      ['labels.task', 'multi-class'],
      ['labels.column', 'label', '8 % of these are wrong on purpose'],
      ['labels.classes', [...classes]],
    ],
  });
}

function readme(images: number, seed: number): string {
  return `# Synthetic sample

**Everything here is synthetic.** ${images} chest-like phantoms were drawn by a program (\`overread sample\`, seed
${seed}). No patient was imaged; nothing medical can be learnt from them.

- \`samples.csv\`: the table that Overread reads. 8 % of its labels are wrong on purpose.
- \`truth.csv\`: the right label of every image, and which are wrong. Overread never reads it.
- \`images/\`: PNG, some of 8 and some of 16 bit.

Try: \`overread finetune .\`, then look at what the model gets wrong.
`;
}
