/** Tables in Excel workbooks: what openpyxl wrote (test/golden/workbook.py), what is no workbook, and what is meant to harm. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../../../src/core/config/config';
import { readDataset } from '../../../src/core/dataset/read';
import { initProject } from '../../../src/core/intake/init';
import { readTable } from '../../../src/core/table/table';
import { zipOf } from '../../support/zip';

const golden = path.resolve(import.meta.dirname, '../../golden/values/table/reading.xlsx');

let folder: string;
beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-workbook-'));
});
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

async function written(bytes: Uint8Array): Promise<string> {
  const file = path.join(await fs.mkdtemp(path.join(folder, 't-')), 't.xlsx');
  await fs.writeFile(file, bytes);
  return file;
}

test('cells are what a CSV of the sheet would hold', async () => {
  const table = await readTable(golden, 'reading.xlsx');
  const cells = Object.fromEntries(table.names.map((name, c) => [name, table.columns[c]]));
  expect(table.names).toEqual([
    ...['image', 'patient', 'long id', 'read on', 'at', 'time', 'score', 'share', 'label', 'ok', 'label_2'],
    ...['column12', 'note'],
  ]);
  expect(cells).toEqual({
    image: ['a.png', 'b.png', 'c.png'],
    patient: ['007', '7', '1234567'],
    'long id': ['12345678901234567890', '123456789012345', null],
    'read on': ['2026-01-31', '1999-12-31', null],
    at: ['2026-01-31 12:30:05', '1900-03-01', null],
    time: ['07:45:00', null, null],
    score: ['1', '2.5', '-1'],
    share: ['0.3', '1e-7', '1e+21'],
    label: ['Pneumonia', ' Normal ', 'NA'],
    ok: ['true', 'false', null],
    label_2: [null, 'x', null],
    column12: [null, '3', null],
    // A formula that was never computed holds nothing; text is text.
    note: [null, 'line\nbreak & <tag> ü', null],
  });
  expect([0, 1, 2].map((row) => table.lineOf(row))).toEqual([3, 4, 6]);
  expect(table.notes).toEqual([
    'its sheet "Reading 2026" is read, not "Notes", "Other"',
    '"share" holds numbers of more than 15 digits, which Excel rounds: ids must be saved as text',
  ]);
});

test('another sheet is named, and one that is not there refused', async () => {
  expect(await readTable(golden, 'reading.xlsx', 'Other')).toMatchObject({
    names: ['image', 'label'],
    rowCount: 1,
    notes: [],
  });
  await expect(readTable(golden, 'reading.xlsx', 'Nothing')).rejects.toMatchObject({
    code: 'OVR200',
    message: 'The table has no sheet "Nothing"',
    expected: 'one of "Notes", "Reading 2026", "Other"',
  });
});

test('a project is made of one, and reads it again', async () => {
  const root = path.join(folder, 'P');
  const result = await initProject({
    root,
    csv: golden,
    sheet: 'Reading 2026',
    label: 'label',
    group: 'patient',
  });
  expect(result).toMatchObject({ samples: 3, task: 'multi-class' });
  const { dataset } = await readDataset(root, await loadConfig(root));
  expect(dataset.samples.map(({ given, group }) => [given[0], group])).toEqual([
    ['Pneumonia', '007'],
    ['Normal', '7'],
    [null, '1234567'],
  ]);
});

// Before anything of such a size is unpacked or laid out: that would take longer than a test has.
describe('is refused in a moment:', { timeout: 60_000 }, () => {
  const xml = (text: string): Uint8Array => Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>${text}`);
  const workbook = (sheet: string, more: Parameters<typeof zipOf>[0] = {}): Buffer =>
    zipOf({
      '[Content_Types].xml': xml(
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
      ),
      'xl/workbook.xml': xml(
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
      ),
      'xl/_rels/workbook.xml.rels': xml(
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
      ),
      'xl/worksheets/sheet1.xml': xml(
        `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${sheet}</sheetData></worksheet>`,
      ),
      ...more,
    });
  const cell = (place: string): string => `<c r="${place}" t="inlineStr"><is><t>x</t></is></c>`;

  test('but not this one', async () => {
    const sheet = `<row r="1">${cell('A1')}</row><row r="2">${cell('A2')}</row>`;
    expect(await readTable(await written(workbook(sheet)), 't.xlsx')).toMatchObject({
      names: ['x'],
      rowCount: 1,
    });
  });

  test.each<[string, () => Uint8Array, RegExp]>([
    ['no zip', () => Buffer.from('PK? no'), /is no workbook of Excel \(no zip\)/],
    ['a zip of something else', () => zipOf({ 'a.txt': Buffer.from('a') }), /xl\/workbook\.xml is missing/],
    ['half of one', () => workbook(`<row r="1">${cell('A1')}</row>`).subarray(0, 500), /is no workbook/],
    ['broken XML', () => workbook('<row r="1"><c r="A1"'), /cannot be read/],
    ['a cell in the last of a million rows', () => workbook(`<row r="1">${cell('A1')}</row><row r="1048576">${cell('XFD1048576')}</row>`), /has a sheet of 1048576 rows and 16384 columns/],
    ['a row beyond all numbers', () => workbook(`<row r="999999999999">${cell('A1')}</row>`), /a cell has no place/],
    ['a row in other quotes', () => workbook(`<row\n r = '9999999'><c r='A9999999'><v>1</v></c></row>`), /has a sheet of 9999999 rows/],
    ['a bomb', () => workbook('', { 'xl/media/a.xml': { content: Buffer.alloc(300 * 2 ** 20), deflated: true } }), /unpacks to more than 268435456 bytes/],
    ['a bomb that says less', () => workbook('', { 'xl/sharedStrings.xml': { content: Buffer.alloc(2 ** 26), deflated: true, announced: 100 } }), /cannot be read: too many bytes/],
  ])('%s', async (_, make, message) => {
    const file = await written(make());
    await expect(readTable(file, 't.xlsx')).rejects.toMatchObject({
      code: 'OVR200',
      message: expect.stringMatching(message) as string,
    });
  }); // prettier-ignore

  test.each(['t.xls', 't.ods', 't.numbers'])('%s', async (name) => {
    const file = path.join(folder, name);
    await fs.writeFile(file, 'x');
    await expect(readTable(file, name)).rejects.toMatchObject({
      code: 'OVR200',
      fix: 'Save it as .xlsx or as "CSV UTF-8", and name that file.',
    });
  });
});
