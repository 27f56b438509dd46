/** What people and programs write into the cells of a table, and how the table itself is written. */
import { afterEach, describe, expect, test } from 'vitest';
import { readDataset } from '../../../src/core/dataset/read';
import type { Dataset } from '../../../src/core/dataset/model';
import type { Problem } from '../../../src/core/base/report';
import { makeProject, type TestProject } from './support/project';

const projects: TestProject[] = [];
afterEach(async () => {
  for (const made of projects.splice(0)) await made.remove();
});

const read = async (
  table: string | Uint8Array,
  settings: string,
): Promise<{ dataset: Dataset; problems: Problem[] }> => {
  const made = await makeProject({ 'overread.yaml': `version: 1\n${settings}` });
  projects.push(made);
  await made.write('samples.csv', table);
  return readDataset(made.root, await made.config());
};
const given = ({ samples }: Dataset): unknown[] => samples.map((sample) => sample.given[0]);

describe('missing values and numbers', () => {
  const rows = (cells: readonly string[]): string =>
    `path,label,patient\n${cells.map((cell, i) => `${i}.png,${cell},p`).join('\n')}\n`;
  const grouped = 'dataset: { group: patient }\n';

  test('texts for nothing are unlabelled, unless a class has that name', async () => {
    const cells = ['a', 'nan', 'N/A', 'None', 'null', '-', 'NA', ' a '];
    const plain = await read(rows(cells), `${grouped}labels: { classes: [a, b] }\n`);
    expect(given(plain.dataset)).toEqual(['a', null, null, null, null, null, null, 'a']);
    const named = await read(rows(cells), `${grouped}labels: { classes: [a, NA], values: { None: NA } }\n`);
    expect(given(named.dataset)).toEqual(['a', null, null, 'NA', null, null, 'NA', 'a']);
    expect(named.problems).toEqual([]);
  });

  test('a class may be written as another spelling of its number, and * is every other text', async () => {
    const numbers = await read(
      rows(['0', '1.0', '"1,0"', '0.00', '2']),
      `${grouped}labels: { classes: ['0', '1'] }\n`,
    );
    expect(given(numbers.dataset)).toEqual(['0', '1', '1', '0']);
    expect(numbers.problems.map(({ place }) => place?.row)).toEqual([6]);
    const quoted = await read(
      rows(['-1', '"12 3 40 5"', '']),
      `${grouped}labels: { classes: [no, mask], values: { '-1': 'no', '*': mask } }\n`,
    );
    expect(given(quoted.dataset)).toEqual(['no', 'mask', null]);
  });

  test('finding columns take every spelling of 1, 0, -1 and nothing', async () => {
    const { dataset, problems } = await read(
      rows(['1', '1.0', '"1,0"', ' 1 ', '-1.0', '0.00', 'nan', 'N/A', 'Yes', '2']),
      `${grouped}labels: { task: multi-label, findings: [{ name: Edema, column: label }] }\n`,
    );
    expect(given(dataset)).toEqual(['1', '1', '1', '1', 'uncertain', '0', null, null, '1']);
    expect(problems).toMatchObject([{ code: 'OVR204', place: { row: 11, field: 'label' } }]);
  });

  test('patients that are missing are nobody, and cells are read without spaces around them', async () => {
    const { dataset, problems } = await read(
      ' path , label ,patient , part , note \n 1.png ,a, N/A ,train , x \n2.png, a,unknown, test,\n3.png,b ,p1 ,,y\n',
      `${grouped}split: { column: part }\nlabels: { classes: [a, b] }\n`,
    );
    expect(
      dataset.samples.map(({ id, group, givenSplit, metadata }) => [id, group, givenSplit, metadata]),
    ).toEqual([
      ['1.png', '1.png', 'train', { note: 'x' }],
      ['2.png', '2.png', 'test', {}],
      ['3.png', 'p1', null, { note: 'y' }],
    ]);
    expect(problems).toMatchObject([
      { code: 'OVR210', message: '2 rows name no patient; each counts as its own' },
    ]);
  });
});

test('lists as Python and JSON write them', async () => {
  const cells = [
    `"['Edema', 'Mass, left']"`,
    '"[""Edema""]"',
    '[]',
    'nan',
    'Edema|Other',
    '[Edema]',
    'No Finding',
  ];
  const { dataset } = await read(
    `path,label,patient\n${cells.map((cell, i) => `${i},${cell},p`).join('\n')}\n`,
    "dataset: { group: patient }\nlabels: { task: multi-label, column: label, findings: [Edema, 'Mass, left'] }\n",
  );
  expect(dataset.samples.map((sample) => sample.given.join())).toEqual([
    '1,1',
    '1,0',
    '0,0',
    ',',
    '1,0',
    '1,0',
    '0,0',
  ]);
});

test('a column for each class, with 1 in one of them', async () => {
  const { dataset, problems } = await read(
    'path,MEL,NV,patient,age\na,1.0,0.0,p,1\nb,0,1,p,2\nc,0,0,p,3\nd,1,1,p,4\ne,x,1,p,5\n',
    'dataset: { group: patient }\nlabels: { one_hot: true, classes: [MEL, NV] }\n',
  );
  expect(dataset.task).toBe('multi-class');
  expect(given(dataset)).toEqual(['MEL', 'NV', null]);
  expect(dataset.metadataColumns).toEqual(['age']);
  expect(problems).toMatchObject([
    { place: { row: 5, field: 'NV' }, message: '"MEL and NV" is no class' },
    { place: { row: 6, field: 'MEL' }, message: '"x" is no class' },
  ]);
});

describe('parts of the split', () => {
  const labels = 'dataset: { group: patient }\nlabels: { classes: [a] }\n';
  const parts = ({ samples }: Dataset): unknown[] => samples.map(({ givenSplit }) => givenSplit);

  test('texts that are mapped', async () => {
    const { dataset, problems } = await read(
      'path,label,patient,is_test\n1,a,p1,False\n2,a,p2,true\n3,a,p3,\n4,a,p4,perhaps\n5,a,p5,val\n',
      `${labels}split: { column: is_test, values: { 'false': train, 'true': test } }\n`,
    );
    expect(parts(dataset)).toEqual(['train', 'test', null, 'validation']);
    expect(problems).toMatchObject([{ code: 'OVR204', place: { row: 5, field: 'is_test' } }]);
    const numbers = await read(
      'path,label,patient,part\n1,a,p1,1\n2,a,p2,2.0\n3,a,p3,3\n',
      `${labels}split: { column: part, values: { 1: train, 2: validation, 3: test } }\n`,
    );
    expect(parts(numbers.dataset)).toEqual(['train', 'validation', 'test']);
  });

  test('a column for each part', async () => {
    const { dataset, problems } = await read(
      'path,label,patient,Train,Val,Test\n1,a,p1,1,0,0\n2,a,p2,0,1.0,0\n3,a,p3,,,1\n4,a,p4,0,0,0\n5,a,p5,1,0,1\n',
      `${labels}split: { column: { train: Train, validation: Val, test: Test } }\n`,
    );
    expect(parts(dataset)).toEqual(['train', 'validation', 'test', null]);
    expect(dataset.metadataColumns).toEqual([]);
    expect(problems).toMatchObject([{ code: 'OVR204', place: { row: 6, field: 'Train, Val, Test' } }]);
  });
});

test('several rows of one image are its findings, and what differs between them is not said of the image', async () => {
  const { dataset, problems } = await read(
    'path,label,reader,x,age\na,Edema,r1,3,40\na,Mass,r2,5,40\nb,No Finding,r1,,50\na,No Finding,r3,,40\nb,Edema,r2,9,50\n',
    'labels: { task: multi-label, column: label, rows: findings, findings: [Edema, Mass] }\n',
  );
  expect(dataset.samples.map(({ id, given: labels }) => [id, ...labels])).toEqual([
    ['a', '1', '1'],
    ['b', '1', '0'],
  ]);
  expect(dataset.metadataColumns).toEqual(['age']);
  expect(problems.map(({ code }) => code)).toEqual(['OVR210']);
});

describe('patients', () => {
  const settings = 'dataset: { group: patient }\nlabels: { classes: [a, b] }\n';
  const table = (patients: readonly string[]): string =>
    `path,label,patient\n${patients.map((patient, i) => `${i},a,${patient}`).join('\n')}\n`;

  test.each([
    [['007', '7', '7.0', '8'], '4 patients are 2', "pattern: '^0*(\\d+)(?:[.,]0+)?$'"],
    [['P001', 'p001', 'p1', 'P002'], '4 patients are 2', "pattern: '^[A-Za-z]+[-_ ]?0*(\\d+)$'"],
    [['anna', 'Anna', 'x1'], '3 patients are 2', 'in one way.'],
  ])('%j may be fewer', async (patients, message, fix) => {
    const { problems } = await read(table(patients), settings);
    expect(problems).toMatchObject([
      { code: 'OVR213', severity: 'warning', message: expect.stringContaining(message) as string },
    ]);
    expect(problems[0]?.fix).toContain(fix);
    // Rows are named, patients are not.
    expect(JSON.stringify(problems)).not.toMatch(/007|P001|anna/i);
  });

  test('ids that only look alike are no warning', async () => {
    const { problems } = await read(
      table(['10', '100', '1.2.3', '1.20.3', 'a1', 'a10', '00000013', '00000031']),
      settings,
    );
    expect(problems).toEqual([]);
  });

  test('one that has far more images than others', async () => {
    const many = [
      ...Array.from({ length: 40 }, () => 'none given'),
      ...Array.from({ length: 60 }, (_, i) => `p${i + 1}`),
    ];
    const { problems } = await read(table(many), settings);
    expect(problems).toMatchObject([
      { code: 'OVR213', message: expect.stringContaining('40 of 100') as string },
    ]);
    const even = Array.from({ length: 100 }, (_, i) => `p${i % 4}`);
    expect((await read(table(even), settings)).problems).toEqual([]);
  });
});

describe('how a table is written', () => {
  const settings =
    'dataset: { path: Bild, group: Patient }\nlabels: { column: Befund, classes: [unauffällig, Erguss] }\n';
  const rows = ['Bild;Befund;Patient', 'a.png;unauffällig;1', '"b;1.png";Erguss;„2“', 'c.png;Erguß;3'];
  const text = rows.join('\r\n');
  const windows = Buffer.from(
    Array.from(text, (character) => ({ '„': 0x84, '“': 0x93 })[character] ?? character.charCodeAt(0)),
  );

  test.each<[string, string | Uint8Array, number]>([
    ['UTF-8 with a hint at the separator', `sep=;\r\n${text}`, 5],
    ['the hint in quotes', `"sep=;"\r\n${text}`, 5],
    ['the hint behind a mark', `\ufeffSEP=;\r\n${text}`, 5],
    [
      'UTF-16 with tabs',
      Buffer.from(
        `\ufeff${text.replace('"b;1.png"', 'b!1.png').replaceAll(';', '\t').replace('!', ';')}`,
        'utf16le',
      ),
      4,
    ],
    ['UTF-16 (big-endian)', Buffer.from(`\ufeff${text}`, 'utf16le').swap16(), 4],
    ['Windows-1252', windows, 4],
    ['bars', text.replace('"b;1.png"', 'b!1.png').replaceAll(';', '|').replace('!', ';'), 4],
  ])('%s', async (name, content, badRow) => {
    const { dataset, problems } = await read(content, settings);
    expect(dataset.samples.map(({ id, group, given: [label] }) => [id, label, group])).toEqual([
      ['a.png', 'unauffällig', '1'],
      ['b;1.png', 'Erguss', '„2“'],
    ]);
    expect(problems.filter(({ severity }) => severity === 'error')).toMatchObject([
      { code: 'OVR204', place: { row: badRow } },
    ]);
    expect(problems.filter(({ severity }) => severity === 'info').map(({ message }) => message)).toEqual(
      name === 'Windows-1252' ? [expect.stringContaining('read as Windows-1252')] : [],
    );
  });

  test('spaces between cells, when every line has as many', async () => {
    const spaced = await read(
      'path label patient\na.png x 1\nb.png y 2\n',
      'dataset: { group: patient }\nlabels: { classes: [x, y] }\n',
    );
    expect(given(spaced.dataset)).toEqual(['x', 'y']);
    expect(spaced.problems).toMatchObject([
      { severity: 'info', message: expect.stringContaining('spaces') as string },
    ]);
    await expect(read('Image Index\na.png\n', 'labels: { classes: [x, y] }\n')).rejects.toMatchObject({
      expected: 'one of "Image Index"',
    });
  });
});
