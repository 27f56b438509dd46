/** What `init` makes of the texts and columns of a table: each kind of fault, its result and the sentence that says it. */
import * as path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { initProject, type InitOptions, type InitResult } from '../../../src/core/intake/init';
import { makeProject, type TestProject } from '../dataset/support/project';

const projects: TestProject[] = [];
afterEach(async () => {
  for (const made of projects.splice(0)) await made.remove();
});

const init = async (
  csv: string,
  options: Partial<InitOptions> = {},
  file = 'table.csv',
): Promise<InitResult> => {
  const made = await makeProject({ [file]: csv });
  projects.push(made);
  return initProject({ root: made.root, csv: path.join(made.root, file), ...options });
};
const settings = ({ choices }: InitResult): Record<string, unknown> =>
  Object.fromEntries(choices.map(({ setting, value }) => [setting, value]));
const sentences = ({ problems, choices, ignored }: InitResult): string =>
  [
    ...problems.map(({ code, message, fix }) => `${code} ${message} ${fix ?? ''}`),
    ...choices.map(({ setting, because }) => `${setting}: ${because}`),
    ...ignored.map(({ column, because }) => `${column}: ${because}`),
  ].join('\n');
/** A table of images; `row` gives the other cells of image i. */
const table = (header: string, count: number, row: (i: number) => string): string =>
  `path,${header}\n${Array.from({ length: count }, (_, i) => `${i}.png,${row(i)}`).join('\n')}\n`;
const pick = <T>(values: readonly T[], i: number): T => values[i % values.length] as T;

/** Input, settings that result, and what is said of them. */
const understood: Readonly<Record<string, readonly [string, Partial<InitOptions>, object, RegExp]>> = {
  'a third of the labels is nan': [
    table('label', 12, (i) => pick(['Normal', 'Opacity', 'nan'], i)),
    {},
    { 'labels.classes': ['Normal', 'Opacity'] },
    /OVR105 "label": 4 of 12 cells are "nan", which is taken for no label/,
  ],
  'one class beside None': [
    table('label', 12, (i) => pick(['Effusion', 'None'], i)),
    {},
    { 'labels.classes': ['Effusion', 'None'] },
    /OVR105 "None" in "label" is taken as a class, because no other is left beside Effusion/,
  ],
  'spaces around headers and cells': [
    ' path , label ,patient \n 1.png ,Normal ,p0 \n2.png, Opacity,p0\n3.png,Normal, p1\n',
    {},
    { 'dataset.path': 'path', 'labels.classes': ['Normal', 'Opacity'], 'dataset.group': 'patient' },
    /2 patients in 3 rows/,
  ],
  'a class with a comma': [
    table('diagnosis', 12, (i) => pick(['Normal', 'Pneumonia', '"Pneumonia, viral"', 'Effusion'], i)),
    {},
    {
      'labels.task': 'multi-class',
      'labels.classes': ['Effusion', 'Normal', 'Pneumonia', 'Pneumonia, viral'],
    },
    /OVR105 "Pneumonia, viral" in "diagnosis" is taken as one class.*--separator ","/,
  ],
  'lists with commas': [
    table('diagnosis', 12, (i) =>
      pick(['Normal', 'Edema', '"Edema, Mass"', 'Mass', '"Mass,Effusion"', 'Effusion'], i),
    ),
    {},
    {
      'labels.task': 'multi-label',
      'labels.separator': ',',
      'labels.findings': ['Edema', 'Effusion', 'Mass'],
    },
    /lists such as Edema, Mass/,
  ],
  'a class with a comma that is a list after all': [
    table('diagnosis', 12, (i) => pick(['Normal', '"Edema, viral"'], i)),
    { label: 'diagnosis', separator: ',' },
    { 'labels.task': 'multi-label', 'labels.findings': ['Edema', 'viral'] },
    /you said so, and its cells are lists/,
  ],
  'lists of Python': [
    table('labels', 12, (i) => pick([`"['Edema', 'Mass, left']"`, "['normal']", "['Edema']"], i)),
    {},
    { 'labels.task': 'multi-label', 'labels.none': 'normal', 'labels.findings': ['Edema', 'Mass, left'] },
    /labels\.none: it stands for none of them/,
  ],
  'classes in other case': [
    table('label', 12, (i) => pick(['Pneumonia', 'Normal', 'pneumonia', 'Pneumonia', 'NORMAL', 'Normal'], i)),
    {},
    {
      'labels.classes': ['Normal', 'Pneumonia'],
      'labels.values': { NORMAL: 'Normal', pneumonia: 'Pneumonia' },
    },
    /OVR105 Classes of "label" that differ only in case.*"pneumonia" is "Pneumonia"/,
  ],
  'exactly one 1 in every row': [
    `image,MEL,NV,BCC\n${Array.from({ length: 9 }, (_, i) => `ISIC_${i},${pick(['1.0,0.0,0.0', '0.0,1.0,0.0', '0.0,0.0,1.0'], i)}`).join('\n')}\n`,
    {},
    { 'labels.task': 'multi-class', 'labels.one_hot': true, 'labels.classes': ['MEL', 'NV', 'BCC'] },
    /exclude each other \(--findings makes them independent\)/,
  ],
  'the same as findings': [
    table('MEL,NV', 8, (i) => pick(['1,0', '0,1'], i)),
    { findings: ['MEL', 'NV'] },
    { 'labels.task': 'multi-label', 'labels.findings': ['MEL', 'NV'] },
    /you said so/,
  ],
  'one row that is not': [
    table('MEL,NV', 200, (i) => (i === 7 ? '1,1' : pick(['1,0', '0,1'], i))),
    {},
    { 'labels.task': 'multi-label' },
    /OVR105 All but 1 of 200 rows have exactly one 1 in MEL, NV \(first row 9\)/,
  ],
  'sex, implant and biopsy beside findings': [
    table(
      'patient_id,sex,implant,biopsy,laterality,Mass,Calcification',
      8,
      (i) => `${i},${i % 2},${i % 2},${i % 2},L,${i % 2},1`,
    ),
    {},
    { 'labels.findings': ['Mass', 'Calcification'] },
    /implant: it describes the person or the picture/,
  ],
  'a finding with slips': [
    table(
      'Edema,Mass,Nodule',
      40,
      (i) => `${i % 2},${(i + 1) % 2 || i % 3 ? 1 : 0},${i === 11 ? 'see report' : i % 2}`,
    ),
    {},
    { 'labels.findings': ['Edema', 'Mass'] },
    /OVR105 "Nodule" is nearly a finding, but for "see report" \(first row 13\): it is not used/,
  ],
  'Train, Val, Test': [
    table(
      'Edema,Effusion,Patient ID,Train,Val,Test',
      12,
      (i) => `${i % 2},${i % 3 ? 1 : 0},${i},${pick(['1,0,0', '0,1,0', '0,0,1'], i)}`,
    ),
    {},
    {
      'split.column': { train: 'Train', validation: 'Val', test: 'Test' },
      'labels.findings': ['Edema', 'Effusion'],
    },
    /a column of 1 and 0 for each part/,
  ],
  is_test: [
    table('Pneumonia,patient_id,is_test', 12, (i) => `${i % 2},${i},${i > 9 ? 'True' : 'False'}`),
    {},
    {
      'split.column': 'is_test',
      'split.values': { False: 'train', True: 'test' },
      'labels.column': 'Pneumonia',
    },
    /False is train, True is test/,
  ],
  'Train_Val_Test of 1, 2, 3': [
    table(
      'label,Patient_index,Train_Val_Test',
      12,
      (i) => `${pick(['A', 'B'], i)},${i},${pick([1, 1, 2, 3], i)}`,
    ),
    {},
    { 'split.values': { 1: 'train', 2: 'validation', 3: 'test' }, 'dataset.group': 'Patient_index' },
    /in the order of its name: 1 is train, 2 is validation, 3 is test/,
  ],
  'split of 0, 1, 2': [
    table('label,split', 12, (i) => `${pick(['A', 'B'], i)},${pick([0, 0, 1, 2], i)}`),
    {},
    { 'split.column': 'split', 'split.values': { 0: 'train', 1: 'validation', 2: 'test' } },
    /OVR105 Numbers of "split" are taken as parts of the split: 0 is train.*--split-values/,
  ],
  folds: [
    table('label,fold', 15, (i) => `${pick(['A', 'B'], i)},${i % 5}`),
    {},
    { 'split.column': null, 'labels.column': 'label' },
    /OVR105 "fold" holds folds \(0, 1, 2, 3, 4\) and is not used/,
  ],
  'folds that are asked for': [
    table('label,fold', 15, (i) => `${pick(['A', 'B'], i)},${i % 5}`),
    { split: 'fold', splitValues: { 0: 'test', 1: 'validation', 2: 'train', 3: 'train', 4: 'train' } },
    {
      'split.column': 'fold',
      'split.values': { 0: 'test', 1: 'validation', 2: 'train', 3: 'train', 4: 'train' },
    },
    /split\.values: what its texts stand for/,
  ],
  'a split that nearly fits': [
    table('label,split', 12, (i) => `${pick(['A', 'B'], i)},${pick(['train', 'test', 'extra'], i)}`),
    {},
    { 'split.column': null },
    /OVR105 "split" looks like a split, but its cells \(extra\) name no part: it is not used/,
  ],
  'patients that are not available': [
    table('label,patient_id', 12, (i) => `${pick(['A', 'B'], i)},${i % 3 === 0 ? 'N/A' : `p${i % 4}`}`),
    {},
    { 'dataset.group': 'patient_id' },
    /OVR210 4 rows name no patient; each counts as its own/,
  ],
  'patients in three spellings': [
    table(
      'label,patient_id',
      12,
      (i) => `${pick(['A', 'B'], i)},${pick(['007', '7', '7.0', '008', '8', '8.0'], i)}`,
    ),
    {},
    { 'dataset.group': 'patient_id' },
    /OVR213 6 patients are 2 when leading zeros, ".0" and case do not count/,
  ],
  'lesions where no column says the patient': [
    table(
      'lesion_id,dx,age',
      12,
      (i) => `HAM_${Math.floor(i / 2)},${pick(['nv', 'mel', 'bkl'], i)},${50 + i}`,
    ),
    {},
    { 'dataset.group': 'lesion_id', 'labels.column': 'dx' },
    /6 lesions \(no column says the patient\)/,
  ],
  'ids in OCT names': [
    `path,label\n${Array.from({ length: 8 }, (_, i) => `${pick(['CNV', 'DME'], i)}-${1000 + (i >> 1)}-${i}.jpeg,${pick(['CNV', 'DME'], i)}`).join('\n')}\n`,
    {},
    { 'dataset.group': { column: 'path', pattern: '(?:^|/)(?:CNV|DME|DRUSEN|NORMAL)-(\\d+)-\\d+(?:\\.|$)' } },
    /4 patients in 8 of 8 names \(100 %\)/,
  ],
  'eyes of one person': [
    `image,level\n${Array.from({ length: 8 }, (_, i) => `${10 + (i >> 1)}_${pick(['left', 'right'], i)},${i % 3}`).join('\n')}\n`,
    { label: 'level' },
    { 'dataset.group': { column: 'image', pattern: '(?:^|/)(\\d+)_(?:left|right)(?:\\.|$)' } },
    /4 patients in 8 of 8 names/,
  ],
  'names of which most hold a patient': [
    `path,label\n${Array.from({ length: 10 }, (_, i) => `${i < 6 ? `person${i >> 1}_virus_${i}` : `scan${i}`}.jpeg,${pick(['A', 'B'], i)}`).join('\n')}\n`,
    {},
    { 'dataset.group': { column: 'path', pattern: 'person[-_ ]?(\\d+)' } },
    /3 patients in 6 of 10 names \(60 %\); the others are their own patients/,
  ],
  'run lengths of masks': [
    `ImageId, EncodedPixels\n${Array.from({ length: 8 }, (_, i) => `1.2.${i}, ${i % 2 ? '-1' : '387620 23 996 33'}`).join('\n')}\n1.2.0, 1 2 3 4\n`,
    { path: 'ImageId', label: 'EncodedPixels' },
    {
      'labels.classes': ['no mask', 'mask'],
      'labels.values': { '-1': 'no mask', '*': 'mask' },
      'labels.rows': 'findings',
    },
    /the label is whether there is a mask/,
  ],
  'boxes without readers': [
    `patientId,x,y,width,height,Target\na,1,2,3,4,1\na,5,6,7,8,1\nb,,,,,0\nc,,,,,0\n`,
    { path: 'patientId' },
    { 'labels.task': 'multi-class', 'labels.column': 'Target', 'labels.rows': 'findings' },
    /1 of 3 images stand in several rows, a box in each; x, y, width, height are not used/,
  ],
};

test.each(Object.entries(understood))('%s', async (_, [csv, options, expected, sentence]) => {
  const result = await init(csv, options);
  expect(settings(result)).toMatchObject(expected);
  expect(sentences(result)).toMatch(sentence);
  // What was understood is what is read: no row is lost.
  expect(result.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
});

describe('several readers', () => {
  const rows = [
    ['a', 'Cardiomegaly', 'R8', '1,2,3,4'],
    ['a', 'No finding', 'R9', ',,,'],
    ['a', 'Nodule', 'R10', '1,2,3,4'],
    ['b', 'No finding', 'R8', ',,,'],
    ['b', 'No finding', 'R9', ',,,'],
  ];
  const csv = `image_id,class_name,rad_id,x_min,y_min,x_max,y_max\n${rows.map((row) => row.join(',')).join('\n')}\n`;

  test('are readings, one of each reader', async () => {
    const result = await init(csv);
    expect(settings(result)).toMatchObject({
      'labels.task': 'multi-label',
      'labels.column': 'class_name',
      'labels.none': 'No finding',
      'labels.findings': ['Cardiomegaly', 'Nodule'],
      'labels.rows': 'readings',
      'labels.reader': 'rad_id',
      'labels.disputed': 'majority',
    });
    expect(sentences(result)).toMatch(/2 of 2 images stand in several rows, and "rad_id" names 3 readers/);
    expect(result.summary.at(-1)).toBe(
      '3 readers, 2 to 3 for each image; they disagree on 1 image, 2 findings in all',
    );
    expect(result).toMatchObject({ samples: 2, metadata: [] });
    // Each finding is what one reader of three says.
    expect(result.prevalence.map(({ positive, negative }) => [positive, negative])).toEqual([
      [0, 2],
      [0, 2],
    ]);
  });

  test('of one class each are readings of classes', async () => {
    const result = await init('path,label,reader\na,A,r1\na,B,r2\nb,B,r1\nb,B,r2\nc,A,r1\nc,A,r2\n');
    expect(settings(result)).toMatchObject({ 'labels.task': 'multi-class', 'labels.rows': 'readings' });
    expect(result.summary.at(-1)).toBe('2 readers, 2 for each image; they disagree on 1 image');
    expect(result.prevalence.map(({ positive, masked }) => [positive, masked])).toEqual([
      [1, 1],
      [1, 1],
    ]);
  });

  test('can be named, and readings without readers are refused', async () => {
    const table = 'path,label,who\na.png,A,x\na.png,B,y\nb.png,B,x\nb.png,B,y\n';
    await expect(init(table)).rejects.toMatchObject({
      code: 'OVR104',
      fix: expect.stringMatching(
        /--rows findings: .*--rows one: .*--rows readings --reader COLUMN/,
      ) as string,
    });
    await expect(init(table, { rows: 'readings' })).rejects.toMatchObject({
      code: 'OVR104',
      message: 'Rows are to be readings, and no column looks like the reader of a row',
    });
    const result = await init(table, { reader: 'who' });
    expect(settings(result)).toMatchObject({ 'labels.rows': 'readings', 'labels.reader': 'who' });
  });

  test('whose findings are taken together', async () => {
    const result = await init(csv, { rows: 'findings' });
    expect(settings(result)).toMatchObject({
      'labels.task': 'multi-label',
      'labels.column': 'class_name',
      'labels.none': 'No finding',
      'labels.findings': ['Cardiomegaly', 'Nodule'],
      'labels.rows': 'findings',
    });
    expect(result).toMatchObject({ samples: 2, metadata: [] });
    expect(result.prevalence.map(({ positive, negative }) => [positive, negative])).toEqual([
      [1, 1],
      [1, 1],
    ]);
  });

  test('and conflicts are told from repetitions', async () => {
    const result = await init('path,label,reader\na,A,r1\na,B,r2\nb,B,r1\nb,B,r2\nc,A,r1\nc,A,r2\n', {
      rows: 'one',
    });
    expect(sentences(result)).toMatch(
      /OVR203 1 image stands in rows that contradict each other: rows 2 and 3 are "a"/,
    );
    expect(sentences(result)).toMatch(/OVR203 2 images stand in several rows that say the same of them/);
    expect(result.prevalence.map(({ positive, masked }) => [positive, masked])).toEqual([
      [1, 1],
      [1, 1],
    ]);
  });
});

test('images that mostly repeat, for no reason that is seen, are the same question', async () => {
  await expect(init('path,label\na.png,A\na.png,B\nb.png,B\nb.png,B\n')).rejects.toMatchObject({
    code: 'OVR104',
    message:
      '2 of 2 images stand in several rows (4 rows), and nothing says what several rows of an image mean',
  });
});

test.each([
  ['t.txt', ' ', 'separated by spaces', 'patient_id path label column4'],
  ['t.csv', ' ', 'separated by spaces', 'patient_id path label column4'],
  ['t.tsv', ' ', 'separated by spaces', 'patient_id path label column4'],
  ['t.csv', ',', '4 columns', 'patient_id,path,label,column4'],
  ['t.tsv', '\t', '4 columns', 'patient_id\tpath\tlabel\tcolumn4'],
])('a list without a header line in %s with %j', async (file, separator, expected, names) => {
  const rows = ['0 a.png negative bimcv', '1 b.png positive cohen', '1 c.png negative cohen'];
  await expect(init(`${rows.join('\n').replaceAll(' ', separator)}\n`, {}, file)).rejects.toMatchObject({
    code: 'OVR104',
    message: expect.stringContaining('has no header line: its first row is 0') as string,
    expected: expect.stringContaining(expected) as string,
    fix: expect.stringContaining(names) as string,
  });
});

test('a split that is asked for and cannot be understood names the way', async () => {
  const csv = table(
    'label,site',
    12,
    (i) => `${pick(['A', 'B'], i)},${pick(['north', 'south', 'west', 'east'], i)}`,
  );
  await expect(init(csv, { split: 'site' })).rejects.toMatchObject({
    code: 'OVR104',
    fix: 'Say which is which with --split-values, for instance east=test,north=train,south=validation.',
  });
});

test('labels that are too many to be classes are named where nothing else is left', async () => {
  const csv = table('diagnosis', 120, (i) => `free text ${i}`);
  for (const options of [{}, { label: 'diagnosis' }]) {
    await expect(init(csv, options)).rejects.toMatchObject({
      code: 'OVR104',
      fix: expect.stringContaining('Not taken: "diagnosis": it has 120 distinct texts') as string,
    });
  }
});
