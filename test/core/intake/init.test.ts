import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { loadConfig } from '../../../src/core/config/config';
import { initProject, type InitOptions, type InitResult } from '../../../src/core/intake/init';
import { readDataset } from '../../../src/core/dataset/read';
import { makeProject, type TestProject } from '../dataset/support/project';

const projects: TestProject[] = [];
const folder = async (files: Readonly<Record<string, string>> = {}): Promise<TestProject> => {
  const made = await makeProject(files);
  projects.push(made);
  return made;
};
afterEach(async () => {
  for (const made of projects.splice(0)) await made.remove();
});
const valueOf = (result: InitResult, setting: string): unknown =>
  result.choices.find((choice) => choice.setting === setting)?.value;

describe('from a folder per class', () => {
  const images = [
    'data/Normal/a.png',
    'data/Normal/deep/b.JPG',
    'data/Opacity/c.png',
    'data/Opacity/notes.txt',
  ];
  const files = Object.fromEntries(images.map((file) => [file, '']));

  test('a table, a commented configuration and the helper files', async () => {
    const { root, read } = await folder({ ...files, '.gitignore': 'node_modules' });
    const result = await initProject({ root, images: path.join(root, 'data') });
    expect(result.files).toEqual(['overread.yaml', 'samples.csv', '.gitattributes', '.gitignore']);
    expect(await read('samples.csv')).toBe(
      'path,label\nNormal/a.png,Normal\nNormal/deep/b.JPG,Normal\nOpacity/c.png,Opacity\n',
    );
    expect(await read('.gitignore')).toBe(
      'node_modules\n# A cache that can be deleted at any time.\n.overread/\n',
    );
    expect(await read('.gitattributes')).toContain('labels/*.jsonl merge=union\n');
    const config = await loadConfig(root);
    expect(config.dataset).toMatchObject({ table: 'samples.csv', images: 'data', group: null });
    expect(config.labels.classes).toEqual(['Normal', 'Opacity']);
    expect((await readDataset(root, config)).dataset.samples).toHaveLength(3);
    expect(result.prevalence.map(({ name, positive }) => [name, positive])).toEqual([
      ['Normal', 2],
      ['Opacity', 1],
    ]);
    expect(result.problems).toMatchObject([{ code: 'OVR210' }]);
  });

  test('a class that would read as the answer "uncertain" is refused, and nothing is written', async () => {
    const { root } = await folder({ 'data/Normal/a.png': '', 'data/Uncertain/b.png': '' });
    await expect(initProject({ root, images: path.join(root, 'data') })).rejects.toMatchObject({
      code: 'OVR204',
      message: expect.stringContaining('"Uncertain" can be no class') as unknown,
    });
    await expect(fs.readdir(root)).resolves.toEqual(['data']);
  });

  test('folders train and test above the classes become the split; patients come from the names', async () => {
    const names = [
      'train/A/person1_x_1.png',
      'train/B/person2_x_1.png',
      'train/B/person2_x_2.png',
      'test/A/person3_1.png',
    ];
    const { root } = await folder(Object.fromEntries(names.map((name) => [`xray/${name}`, ''])));
    const result = await initProject({ root: path.join(root, 'project'), images: path.join(root, 'xray') });
    expect(valueOf(result, 'split.column')).toBe('split');
    expect(valueOf(result, 'dataset.images')).toBe('../xray');
    expect(valueOf(result, 'dataset.group')).toEqual({ column: 'path', pattern: 'person[-_ ]?(\\d+)' });
    expect(result).toMatchObject({ samples: 4, patients: 3 });
  });

  test.each([
    ['missing', {}],
    ['data', { 'data/top.png': '' }],
    ['data', { 'data/empty/readme.txt': '' }],
  ])('%s without class folders is refused: %j', async (name, content) => {
    const { root } = await folder(content);
    await expect(initProject({ root, images: path.join(root, name) })).rejects.toMatchObject({
      code: 'OVR104',
    });
    expect(await fs.readdir(root)).not.toContain('overread.yaml');
  });
});

describe('from a table', () => {
  const init = async (csv: string, options: Partial<InitOptions> = {}, files = {}): Promise<InitResult> => {
    const { root } = await folder({ 'table.csv': csv, ...files });
    return initProject({ root, csv: path.join(root, 'table.csv'), ...options });
  };

  test('classes, patient, study, split and a folder of images, each explained', async () => {
    const result = await init(
      'Image Path;Diagnosis;Patient ID;Study UID;Set;Age\nx/1.png;b;7;s1;train;10\nx/2.png;a;8;s2;test;\n',
      {},
      { 'pictures/x/1.png': '', 'pictures/x/2.png': '' },
    );
    expect(Object.fromEntries(result.choices.map(({ setting, value }) => [setting, value]))).toMatchObject({
      'dataset.table': 'table.csv',
      'dataset.images': 'pictures',
      'dataset.path': 'Image Path',
      'dataset.group': 'Patient ID',
      'dataset.study': 'Study UID',
      'split.column': 'Set',
      'labels.task': 'multi-class',
      'labels.column': 'Diagnosis',
      'labels.classes': ['a', 'b'],
    });
    for (const { because } of result.choices) expect(because.length).toBeGreaterThan(5);
    expect(result.problems).toEqual([]);
  });

  test('a column per finding as in CheXpert, with the patient in the path', async () => {
    const rows = [
      'patient00001/study1/view1.jpg,F,1.0,,-1.0',
      'patient00002/study1/view1.jpg,M,0.0,1.0,',
      'patient00002/study2/view1.jpg,M,,1.0,',
    ];
    const result = await init(`Path,Sex,Edema,Cardiomegaly,Lung Lesion\n${rows.join('\n')}\n`);
    expect(valueOf(result, 'labels.findings')).toEqual(['Edema', 'Cardiomegaly', 'Lung Lesion']);
    expect(valueOf(result, 'dataset.group')).toMatchObject({ column: 'Path' });
    expect(valueOf(result, 'dataset.study')).toMatchObject({ column: 'Path' });
    expect(result).toMatchObject({ task: 'multi-label', samples: 3, patients: 2 });
    expect(result.prevalence[0]).toEqual({
      name: 'Edema',
      values: { '1': 1, '0': 1, '': 1 },
      positive: 1,
      negative: 2,
      masked: 0,
      prevalence: 1 / 3,
    });
    expect(result.summary[2]).toContain('uncertain 1 → masked, unmentioned 2 → negative');
    expect(result.problems).toMatchObject([{ code: 'OVR300' }]);
  });

  test('a list of findings as in NIH ChestX-ray14', async () => {
    const result = await init(
      'Image Index,Finding Labels,Patient ID\n1.png,Mass|Edema,1\n2.png,No Finding,1\n3.png,Edema,2\n',
    );
    expect(valueOf(result, 'labels.column')).toBe('Finding Labels');
    expect(valueOf(result, 'labels.none')).toBe('No Finding');
    expect(valueOf(result, 'labels.findings')).toEqual(['Edema', 'Mass']);
    expect(result.prevalence.map(({ positive, negative }) => [positive, negative])).toEqual([
      [2, 1],
      [1, 2],
    ]);
  });

  test('names without their extension are found', async () => {
    const result = await init('image_id,label\na1,x\na2,y\n', {}, { 'png/a1.png': '', 'png/a2.png': '' });
    expect(valueOf(result, 'dataset.extension')).toBe('.png');
    expect(valueOf(result, 'dataset.images')).toBe('png');
  });

  test('what the user says wins', async () => {
    const result = await init('path,label,kind,patient,who\n1.png,a,x,1,p\n2.png,b,y,2,p\n', {
      label: 'kind',
      group: 'who',
      name: 'Mine: "all"',
    });
    expect(valueOf(result, 'labels.column')).toBe('kind');
    expect(valueOf(result, 'dataset.group')).toBe('who');
    expect((await loadConfig(result.root)).name).toBe('Mine: "all"');
  });

  test('nothing that looks like a path or a label is an error that names the columns', async () => {
    await expect(init('a,b\n1,2\n1,3\n')).rejects.toMatchObject({
      code: 'OVR104',
      expected: 'one of "a", "b"',
    });
    await expect(init('path,note\n1.png,\n')).rejects.toMatchObject({ code: 'OVR104' });
    await expect(init('path,label\n1.png,a\n', { label: 'lable' })).rejects.toMatchObject({ code: 'OVR201' });
  });

  test('odd names survive the way through YAML', async () => {
    const result = await init('path,"label: #1",p\n1.png,"yes, maybe",1\n2.png,no,2\n', {
      label: 'label: #1',
    });
    const config = await loadConfig(result.root);
    expect(config.labels.column).toBe('label: #1');
    expect(config.labels.classes).toEqual(['no', 'yes, maybe']);
  });
});

test('nothing is overwritten without force, and comments of the user stay then', async () => {
  const { root, read } = await folder({ 'data/A/1.png': '', 'data/B/1.png': '', 'samples.csv': 'mine\n' });
  const images = path.join(root, 'data');
  await expect(initProject({ root, images })).rejects.toMatchObject({
    code: 'OVR103',
    place: { file: 'samples.csv' },
  });
  expect(await read('samples.csv')).toBe('mine\n');
  await initProject({ root, images, force: true });
  await expect(initProject({ root, csv: path.join(root, 'samples.csv') })).rejects.toMatchObject({
    code: 'OVR103',
  });
  await initProject({ root, images, force: true });
  expect((await read('.gitignore')).match(/\.overread\//g)).toHaveLength(1);
});

test('neither a folder nor a table is an error', async () => {
  const { root } = await folder();
  await expect(initProject({ root })).rejects.toMatchObject({ code: 'OVR104' });
});
