/** Layouts of public sets: each goes in right, or ends in a question that says the way on. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, expect, test, type TestContext } from 'vitest';
import type { InitOptions } from '../../../src/core/intake/init';
import { layDown } from './support/layDown';
import { publicLayouts, type PublicLayout } from './support/publicLayouts';
import {
  describeResult,
  lineWith,
  note,
  refusalOf,
  remove,
  sentencesOf,
  settingsOf,
  understand,
} from './support/understand';

interface GoesIn {
  readonly images: number;
  readonly patients: number;
  readonly settings: object;
  readonly says: RegExp;
  /** Images of each part, where the set has parts. */
  readonly parts?: Readonly<Record<string, number>>;
}
interface Asks {
  readonly asks: RegExp;
  /** The option that the question names. */
  readonly way: RegExp;
  /** What it leads to. */
  readonly then?: Partial<InitOptions> & { readonly goesIn: GoesIn };
}

const classes = (...names: readonly string[]) => ({ 'labels.task': 'multi-class', 'labels.classes': names });

const expected: Readonly<Record<keyof typeof publicLayouts, GoesIn | Asks>> = {
  mura: {
    images: 24,
    patients: 12,
    settings: classes('positive', 'negative'),
    parts: { train: 16, validation: 8 },
    says: /the folders of studies end with it/,
  },
  mimic: {
    images: 24,
    patients: 6,
    settings: {
      'dataset.group': 'subject_id',
      'split.column': 'split',
    },
    parts: { train: 16, validation: 4, test: 4 },
    says: /the images stand in .*split\.csv, and it has the same "study_id"/,
  },
  padchest: {
    images: 24,
    patients: 6,
    settings: { 'labels.findings': ['cardiomegaly', 'pleural effusion'], 'labels.none': 'normal' },
    says: /its cells are lists such as \['pleural effusion', 'cardiomegaly'\]/,
  },
  eyepacs: {
    images: 24,
    patients: 12,
    settings: classes('0', '1', '4'),
    says: /12 patients in 24 of 24 names/,
  },
  oct: {
    images: 32,
    patients: 17,
    settings: classes('CNV', 'DME', 'DRUSEN', 'NORMAL'),
    parts: { train: 24, test: 8 },
    says: /17 patients in 32 of 32 names/,
  },
  covidRadiography: {
    images: 20,
    patients: 20,
    settings: classes('COVID', 'Lung_Opacity', 'Normal', 'Viral Pneumonia'),
    says: /OVR104 20 masks are left out/,
  },
  breakHis: {
    asks: /Two levels of folders could be the classes: benign, malignant; or adenosis, /,
    way: /--class-level 3 for benign, malignant/,
    then: {
      classLevel: 3,
      goesIn: { images: 32, patients: 8, settings: classes('benign', 'malignant'), says: /8 patients in 32/ },
    },
  },
  patchCamelyon: {
    images: 24,
    patients: 24,
    settings: { ...classes('0', '1'), 'dataset.extension': '.tif' },
    says: /24 of 24 images are there/,
  },
  idc: {
    images: 30,
    patients: 5,
    settings: classes('0', '1'),
    says: /2 folders below 5 folders/,
  },
  cbis: {
    images: 24,
    patients: 12,
    settings: classes('BENIGN', 'BENIGN_WITHOUT_CALLBACK', 'MALIGNANT'),
    says: /OVR203 2 images stand in several rows that say the same/,
  },
  medmnist: { asks: /no header line/, way: /for instance: split,path,label$/ },
  shenzhen: {
    asks: /The 20 images of the folder CXR_png are in no folders of classes/,
    way: /If the names say the class, 0 \(9\), 1 \(11\), use --class-pattern '/,
    then: {
      classPattern: '[-_]([A-Za-z]+|\\d)\\.[A-Za-z]+$',
      goesIn: {
        images: 20,
        patients: 20,
        settings: classes('0', '1'),
        says: /2 texts that .* finds in the names/,
      },
    },
  },
  brainTumor: {
    images: 28,
    patients: 28,
    settings: classes('glioma', 'meningioma', 'notumor', 'pituitary'),
    parts: { train: 20, test: 8 },
    says: /OVR210 No patient column/,
  },
  vindrMammo: {
    asks: /No column of the table looks like labels/,
    way: /"breast_birads": one of 2 that may be the label \(BI-RADS 1, BI-RADS 2, BI-RADS 3, …\); "breast_density"/,
    then: {
      label: 'breast_birads',
      goesIn: {
        images: 24,
        patients: 6,
        settings: { 'dataset.group': 'study_id', 'labels.column': 'breast_birads' },
        parts: { train: 16, test: 8 },
        says: /images of one study are of one patient/,
      },
    },
  },
  ovarian: {
    images: 20,
    patients: 20,
    settings: { ...classes('CC', 'EC', 'HGSC', 'LGSC', 'MC'), 'dataset.extension': '.png' },
    says: /20 of 20 images are there/,
  },
  knee: {
    images: 50,
    patients: 25,
    settings: classes('0', '1', '2', '3', '4'),
    parts: { train: 20, validation: 10, test: 20 },
    says: /25 patients in 50 of 50 names/,
  },
  odir: {
    images: 24,
    patients: 12,
    settings: { ...classes('A', 'C', 'D', 'G', 'H', 'M', 'N', 'O'), 'dataset.group': 'ID' },
    says: /OVR212 Files of the same names are in preprocessed_images too/,
  },
  padUfes: {
    images: 24,
    patients: 12,
    settings: { ...classes('ACK', 'BCC', 'MEL', 'NEV', 'SCC', 'SEK'), 'dataset.group': 'patient_id' },
    says: /24 of 24 images are below it/,
  },
  lc25000: {
    asks: /colon_image_sets, lung_image_sets; or colon_aca, colon_n, lung_aca, lung_n, …/,
    way: /--class-level 2 for colon_aca/,
    then: {
      classLevel: 2,
      goesIn: {
        images: 25,
        patients: 25,
        settings: classes('colon_aca', 'colon_n', 'lung_aca', 'lung_n', 'lung_scc'),
        says: /you said so/,
      },
    },
  },
  rsnaHemorrhage: {
    asks: /"ID" names an image and a finding in one cell, a row for each: 12 images with epidural, /,
    way: /split the cell at its last _/,
  },
  fracAtlas: {
    images: 24,
    patients: 24,
    settings: { 'labels.findings': ['mixed', 'fractured'] },
    says: /hand: it describes the person or the picture/,
  },
  ranzcr: {
    images: 24,
    patients: 12,
    settings: { 'labels.task': 'multi-label', 'dataset.path': 'StudyInstanceUID' },
    says: /these 11 columns hold only 1, 0, -1 or nothing/,
  },
  hyperKvasir: {
    asks: /3 levels of folders could be the classes: lower-gi-tract, upper-gi-tract; or anatomical-/,
    way: /--class-level 3 for cecum/,
  },
  hyperKvasirTable: {
    images: 30,
    patients: 30,
    settings: classes('barretts', 'cecum', 'polyps', 'pylorus', 'retroflex-rectum', 'z-line'),
    says: /30 of 30 images are below it/,
  },
};

let folder: string;
beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-layouts-'));
});
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

async function goesIn(
  context: TestContext,
  name: string,
  at: string,
  options: Partial<InitOptions>,
  wanted: GoesIn,
) {
  const understood = await understand(at, options);
  const { result, dataset, images } = understood;
  const said = sentencesOf(result);
  expect(settingsOf(result)).toMatchObject(wanted.settings);
  expect(said).toMatch(wanted.says);
  const { samples, patients } = result;
  expect({ images, samples, patients }).toEqual({
    images: wanted.images,
    samples: wanted.images,
    patients: wanted.patients,
  });
  const parts: Record<string, number> = {};
  for (const { givenSplit } of dataset.samples)
    if (givenSplit) parts[givenSplit] = (parts[givenSplit] ?? 0) + 1;
  expect(parts).toEqual(wanted.parts ?? {});
  note(context, { input: name, result: describeResult(understood), sentence: lineWith(said, wanted.says) });
  await remove(understood.root);
}

for (const [key, wanted] of Object.entries(expected)) {
  const layout: PublicLayout = publicLayouts[key as keyof typeof publicLayouts];
  test(layout.name, async (context) => {
    const at = path.join(folder, key);
    await layDown(layout, at);
    if (!('asks' in wanted)) return goesIn(context, layout.name, at, layout.options, wanted);
    const refusal = await refusalOf(understand(at, layout.options));
    expect(refusal).toMatchObject({ code: 'OVR104', message: expect.stringMatching(wanted.asks) as string });
    expect(refusal.fix).toMatch(wanted.way);
    note(context, {
      input: layout.name,
      result: 'a question',
      sentence: `${refusal.message}. ${refusal.fix ?? ''}`,
    });
    if (!wanted.then) return;
    const { goesIn: answered, ...options } = wanted.then;
    await goesIn(context, `${layout.name}, answered`, at, { ...layout.options, ...options }, answered);
  });
}
