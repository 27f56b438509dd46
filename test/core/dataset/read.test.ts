import { gzipSync } from 'node:zlib';
import { VARCHAR } from '@duckdb/node-api';
import * as path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { createTable, withMemoryDatabase, writeParquet } from '../../../src/core/base/duckdb';
import { readDataset } from '../../../src/core/dataset/read';
import { classConfig, makeProject, type TestProject } from './support/project';

const projects: TestProject[] = [];
const project = async (files: Readonly<Record<string, string>>): Promise<TestProject> => {
  const made = await makeProject(files);
  projects.push(made);
  return made;
};
afterEach(async () => {
  for (const made of projects.splice(0)) await made.remove();
});
const read = async (made: TestProject) => readDataset(made.root, await made.config());
const readCsv = async (csv: string, more = 'dataset: { group: patient }\n') =>
  read(await project({ 'overread.yaml': classConfig(more), 'samples.csv': csv }));

describe('multi-class', () => {
  test('samples, groups, metadata and row numbers', async () => {
    const { dataset, problems } = await readCsv(
      'path,label,patient,age,sex\nx/1.png,a,p1,30,\nx/2.png,,p1,,F\n',
    );
    expect(problems).toEqual([]);
    expect(dataset.task).toBe('multi-class');
    expect(dataset.findings).toEqual([
      { name: 'class', values: ['a', 'b', 'c'], uncertain: 'masked', unmentioned: 'masked' },
    ]);
    expect(dataset.metadataColumns).toEqual(['age', 'sex']);
    expect(dataset.samples).toEqual([
      {
        id: 'x/1.png',
        path: 'x/1.png',
        row: 2,
        group: 'p1',
        study: null,
        given: ['a'],
        givenSplit: null,
        metadata: { age: '30' },
      },
      {
        id: 'x/2.png',
        path: 'x/2.png',
        row: 3,
        group: 'p1',
        study: null,
        given: [null],
        givenSplit: null,
        metadata: { sex: 'F' },
      },
    ]);
  });

  test('BOM, CRLF, quotes, line breaks in cells, blank lines, Windows paths and NFD names', async () => {
    const nfd = 'été'.normalize('NFD');
    const { dataset, problems } = await readCsv(
      `\ufeffpath,label,patient,note\r\n"dir\\${nfd}.png",a,p1,"two\r\nlines, ""quoted"""\r\n\r\n"b,c.png",b,p2,\r\n`,
    );
    expect(problems).toEqual([]);
    expect(dataset.samples.map(({ id, row }) => [id, row])).toEqual([
      ['dir/été.png', 2],
      ['b,c.png', 5],
    ]);
    expect(dataset.samples[0]?.metadata).toEqual({ note: 'two\r\nlines, "quoted"' });
  });

  test('an unknown class is reported with its row, a suggestion and the classes; the rest goes on', async () => {
    const { dataset, problems } = await readCsv('path,label,patient\n1,a,p\n2,B,p\n3, c ,p\n');
    expect(dataset.samples.map(({ id, given }) => [id, given[0]])).toEqual([
      ['1', 'a'],
      ['3', 'c'],
    ]);
    expect(problems).toMatchObject([
      {
        code: 'OVR204',
        severity: 'error',
        place: { file: 'samples.csv', row: 3, field: 'label' },
        expected: 'a, b, c',
        fix: expect.stringContaining('Did you mean "b"?') as string,
      },
    ]);
  });

  test('"uncertain" is no class: the row is left out, and the way out is named', async () => {
    const { dataset, problems } = await readCsv('path,label,patient\n1,a,p\n2,uncertain,p\n3,b,p\n');
    expect(dataset.samples.map(({ id }) => id)).toEqual(['1', '3']);
    expect(problems.find(({ code }) => code === 'OVR204')).toMatchObject({
      message: expect.stringContaining('"uncertain" can be no class') as unknown,
      fix: expect.stringContaining('labels.values ("uncertain": null)') as unknown,
    });
  });

  test('texts can be mapped to classes', async () => {
    const made = await project({
      'overread.yaml': `version: 1\ndataset: { group: patient }\nlabels: { classes: [a, b], values: { A: a, '2': b, '?': null } }\n`,
      'samples.csv': 'path,label,patient\n1,A,p\n2,2,p\n3,?,p\n',
    });
    const { dataset, problems } = await read(made);
    expect(problems).toEqual([]);
    expect(dataset.samples.map(({ given }) => given[0])).toEqual(['a', 'b', null]);
  });

  test('rows that repeat an image, and rows that contradict each other, are one problem each', async () => {
    const { dataset, problems } = await readCsv(
      'path,label,patient\nd/1,a,p\n2,b,p\nd\\1,c,p\n2,b,p\n3,,p\n3,c,p\nd/1,a,p\n',
    );
    expect(dataset.samples.map(({ id, given }) => [id, given[0]])).toEqual([
      ['d/1', null],
      ['2', 'b'],
      ['3', 'c'],
    ]);
    expect(problems).toMatchObject([
      { code: 'OVR203', severity: 'error', place: { row: 4 } },
      { code: 'OVR203', severity: 'warning', place: { row: 5 } },
    ]);
    expect(problems[0]?.message).toContain('contradict each other: rows 2, 4 and 8 are "d/1"');
    expect(problems[1]?.message).toContain(
      '2 images stand in several rows that say the same of them: rows 3 and 5',
    );
  });

  test('rows without a path, and rows with too many or too few cells, are left out with their line', async () => {
    const { dataset, problems } = await readCsv('path,label,patient\n1,a,p\n,b,p\n2,b,p,extra\n3\n4,c,p\n');
    expect(dataset.samples.map(({ id, row }) => [id, row])).toEqual([
      ['1', 2],
      ['4', 6],
    ]);
    expect(problems.map(({ code, place }) => [code, place?.row]).sort()).toEqual([
      ['OVR200', 4],
      ['OVR200', 5],
      ['OVR204', 3],
    ]);
  });

  test('a thousand bad rows are listed up to a hundred, with the count of the rest', async () => {
    const rows = Array.from({ length: 1000 }, (_, i) => `${i},wrong,p`).join('\n');
    const { dataset, problems } = await readCsv(`path,label,patient\nok,a,p\n${rows}\n`);
    expect(dataset.samples).toHaveLength(1);
    expect(problems).toHaveLength(101);
    expect(problems.at(-1)?.message).toContain('900 more');
  });

  test('an id column, an extension, a study and an existing split', async () => {
    const { dataset } = await readCsv(
      'id,path,label,patient,part,exam\nA,1,a,p,Training,e1\nB,2,b,q,val,\nC,3,c,r,TEST,e3\nD,4,c,s,,e4\n',
      'dataset: { group: patient, id: id, study: exam, extension: .png }\nsplit: { column: part }\n',
    );
    expect(dataset.samples.map(({ id, study, givenSplit }) => [id, study, givenSplit])).toEqual([
      ['A', 'e1', 'train'],
      ['B', null, 'validation'],
      ['C', 'e3', 'test'],
      ['D', 'e4', null],
    ]);
    expect(dataset.metadataColumns).toEqual([]);
  });

  test('a word that is no part of the split', async () => {
    const { problems } = await readCsv(
      'path,label,patient,part\n1,a,p,train\n2,b,q,tset\n',
      'split: { column: part }\n',
    );
    expect(problems.find(({ code }) => code === 'OVR204')).toMatchObject({
      place: { row: 3, field: 'part' },
    });
  });

  test('the patient can be a part of a column; rows without one are counted', async () => {
    const { dataset, problems } = await readCsv(
      'path,label\npatient001/s1.png,a\npatient001/s2.png,b\nother.png,c\n',
      "dataset: { group: { column: path, pattern: 'patient(\\d+)' } }\n",
    );
    expect(dataset.samples.map(({ group }) => group)).toEqual(['001', '001', 'other.png']);
    expect(problems).toMatchObject([{ code: 'OVR210', severity: 'warning' }]);
  });

  test('no patient column is a warning', async () => {
    const { dataset, problems } = await readCsv('path,label\n1,a\n', '');
    expect(dataset.samples[0]?.group).toBe('1');
    expect(problems).toMatchObject([{ code: 'OVR210', severity: 'warning' }]);
  });
});

describe('multi-label', () => {
  const columns = (labels: string): string => `version: 1\ndataset: { group: patient }\nlabels: ${labels}\n`;

  test('finding columns in every spelling', async () => {
    const made = await project({
      'overread.yaml': columns(
        '{ task: multi-label, findings: [Edema, { name: Heart, column: Cardiomegaly, uncertain: positive }] }',
      ),
      'samples.csv':
        'path,patient,Edema,Cardiomegaly\n1,p,1.0,0.0\n2,p,-1.0,\n3,p,TRUE,no\n4,p,uncertain,-1\n5,p,maybe,1\n',
    });
    const { dataset, problems } = await read(made);
    expect(dataset.findings).toEqual([
      { name: 'Edema', values: ['0', '1', 'uncertain'], uncertain: 'masked', unmentioned: 'negative' },
      { name: 'Heart', values: ['0', '1', 'uncertain'], uncertain: 'positive', unmentioned: 'negative' },
    ]);
    expect(dataset.samples.map(({ given }) => given)).toEqual([
      ['1', '0'],
      ['uncertain', null],
      ['1', '0'],
      ['uncertain', 'uncertain'],
    ]);
    expect(problems).toMatchObject([{ code: 'OVR204', place: { row: 6, field: 'Edema' } }]);
  });

  test('a list of what is present', async () => {
    const made = await project({
      'overread.yaml': columns('{ task: multi-label, column: Findings, findings: [Mass, Effusion] }'),
      'samples.csv':
        'path,patient,Findings\n1,p,Mass|Effusion\n2,p,No Finding\n3,p,Effusion | Hernia\n4,p,\n5,p,Hernia\n',
    });
    const { dataset, problems } = await read(made);
    expect(dataset.samples.map(({ given }) => given)).toEqual([
      ['1', '1'],
      ['0', '0'],
      ['0', '1'],
      [null, null],
      ['0', '0'],
    ]);
    expect(problems).toMatchObject([{ severity: 'info' }]);
    expect(problems[0]?.message).toContain('Hernia (2)');
  });

  test('texts of finding columns can be mapped', async () => {
    const made = await project({
      'overread.yaml': columns(
        "{ task: multi-label, findings: [Mass], values: { P: 1, N: '0', U: uncertain, '9': null } }",
      ),
      'samples.csv': 'path,patient,Mass\n1,p,P\n2,p,N\n3,p,U\n4,p,9\n5,p,1\n',
    });
    const { dataset, problems } = await read(made);
    expect(problems).toEqual([]);
    expect(dataset.samples.map(({ given }) => given[0])).toEqual(['1', '0', 'uncertain', null, '1']);
  });
});

describe('formats', () => {
  const rows = [
    ['a/1.png', 'a', 'p1'],
    ['a/2.png', 'b', 'p2'],
  ];
  const expected = ['a/1.png a p1', 'a/2.png b p2'];
  const seen = async (made: TestProject): Promise<string[]> =>
    (await read(made)).dataset.samples.map(({ id, given, group }) => `${id} ${given[0] ?? ''} ${group}`);
  const withTable = (name: string): Promise<TestProject> =>
    project({ 'overread.yaml': classConfig(`dataset: { table: ${name}, group: patient }\n`) });
  const text = (separator: string): string =>
    [['path', 'label', 'patient'], ...rows].map((row) => row.join(separator)).join('\n');

  test.each([
    ['t.csv', ','],
    ['t.csv', ';'],
    ['t.tsv', '\t'],
  ])('%s with %j', async (name, separator) => {
    const made = await withTable(name);
    await made.write(name, text(separator));
    expect(await seen(made)).toEqual(expected);
    await made.write(name, '');
    await expect(read(made)).rejects.toMatchObject({ code: 'OVR202' });
  });

  test('gzip, whole and broken', async () => {
    const made = await withTable('t.csv.gz');
    const packed = gzipSync(text(','));
    await made.write('t.csv.gz', packed);
    expect(await seen(made)).toEqual(expected);
    await made.write('t.csv.gz', packed.subarray(0, 30));
    await expect(read(made)).rejects.toMatchObject({ code: 'OVR200' });
  });

  test('Parquet', async () => {
    const made = await withTable('t.parquet');
    await withMemoryDatabase(async (connection) => {
      await createTable(
        connection,
        't',
        ['path', 'label', 'patient'].map((name, c) => ({
          name,
          type: VARCHAR,
          values: rows.map((row) => row[c] ?? null),
        })),
      );
      await writeParquet(connection, 'FROM t', path.join(made.root, 't.parquet'));
    });
    expect(await seen(made)).toEqual(expected);
    await made.write('t.parquet', 'no parquet');
    await expect(read(made)).rejects.toMatchObject({ code: 'OVR200' });
  });

  test('a table of many rows keeps its order and every odd cell', async () => {
    const made = await withTable('t.csv');
    const odd = ['', '\u0001', '\u0002x', '"q"', 'é'];
    const lines = Array.from(
      { length: 30_000 },
      (_, i) => `f/${i}.png,${'abc'[i % 3] ?? ''},p${i % 9000},${odd[i % 5]?.replaceAll('"', '""') ?? ''}`,
    );
    await made.write(
      't.csv',
      ['path,label,patient,note', ...lines.map((line) => line.replace(/,([^,]*)$/, ',"$1"'))].join('\n'),
    );
    const { dataset } = await read(made);
    expect(dataset.samples).toHaveLength(30_000);
    expect(
      dataset.samples.map(({ id, row, group, metadata }) => [id, row, group, metadata['note'] ?? '']),
    ).toEqual(lines.map((_, i) => [`f/${i}.png`, i + 2, `p${i % 9000}`, odd[i % 5]]));
  });

  test.each([
    ['missing.csv', undefined, 'OVR200', 'missing'],
    ['t.xyz', 'x', 'OVR200', 'format'],
    ['t.csv', 'path,label,patient\n', 'OVR202', 'no rows'],
    ['t.csv', '\n\n', 'OVR202', 'empty'],
    ['t.csv', Buffer.from('path,label\n\xe9\0,a\n', 'latin1'), 'OVR200', 'UTF-8'],
    ['t.ods', 'x', 'OVR200', 'spreadsheet'],
    ['t.csv', 'path,label,patient\n1,x,p\n2,y,p\n', 'OVR202', 'None of the 2 rows'],
  ])('%s that cannot be used: %j', async (name, content, code, message) => {
    const made = await withTable(name);
    if (content !== undefined) await made.write(name, content);
    await expect(read(made)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message) as string,
    });
  });

  test('a missing column is named, with what there is and the likeliest', async () => {
    const made = await withTable('t.csv');
    await made.write('t.csv', 'path,label,Patient ID\n1,a,p\n');
    await expect(read(made)).rejects.toMatchObject({
      code: 'OVR201',
      place: { file: 't.csv', field: 'patient' },
      expected: 'one of "path", "label", "Patient ID"',
    });
    await made.write('t.csv', 'path,lable,patient\n1,a,p\n');
    await expect(read(made)).rejects.toMatchObject({
      code: 'OVR201',
      fix: expect.stringContaining('Did you mean "lable"?') as string,
    });
  });
});
