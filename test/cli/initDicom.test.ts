/** `overread init --dicom`: what of the headers of a hospital's files becomes a table, and what does not. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '../../src/core/base/report';
import { writeDicom, type ElementValue } from '../support/dicomFile';
import { commandJson, runCommand } from '../support/inProcess';

interface Made {
  readonly samples: number;
  readonly patients: number;
  readonly choices: readonly { readonly setting: string; readonly value: unknown }[];
  readonly ignored: readonly { readonly column: string }[];
  readonly problems: readonly Problem[];
}

interface Film {
  readonly file: string;
  readonly patient: string;
  readonly name?: string;
  readonly study: string;
  readonly date: string;
  readonly age?: string;
  readonly born?: string;
  readonly sex?: string;
  readonly view?: string;
  readonly accession: string;
  readonly uid: string;
  readonly more?: readonly ElementValue[];
}

let folder: string;
let films: string;
let labels: string;
let projects = 0;

const text = (tag: string, vr: string, value: string): ElementValue => ({ tag, vr, value });

const hospital: readonly Film[] = [
  { file: 'a/IM0001', patient: '4711-A', name: 'Muster^Erika', study: '1.2.1', date: '20200110', age: '047Y', sex: 'F', view: 'PA', accession: 'ACC1', uid: '1.2.1.1' },
  { file: 'a/IM0002', patient: '4711-A', name: 'Muster^Erika', study: '1.2.2', date: '20200210', age: '047Y', sex: 'F', view: 'PA', accession: 'ACC2', uid: '1.2.2.1' },
  { file: 'b/IM0001', patient: '0815-B', name: 'Doe^John', study: '1.2.3', date: '20190101', born: '19200615', sex: 'M', view: 'AP', accession: 'ACC3', uid: '1.2.3.1' },
  { file: 'b/IM0002', patient: 'ANON', study: '1.2.4', date: '20190301', age: '006M', sex: 'M', view: 'AP', accession: 'ACC4', uid: '1.2.4.1', more: [text('00280301', 'CS', 'NO')] },
  { file: 'b/IM0003', patient: 'ANON', study: '1.2.5', date: '20190401', age: '030Y', sex: 'F', view: 'AP', accession: 'ACC5', uid: '1.2.5.1' },
]; // prettier-ignore

function film(
  { patient, name, study, date, age, born, sex, view, accession, uid, more = [] }: Film,
  at: number,
): Buffer {
  const maybe = (tag: string, vr: string, value: string | undefined): ElementValue[] =>
    value === undefined ? [] : [text(tag, vr, value)];
  const elements = [
    text('00080018', 'UI', uid),
    text('00080020', 'DA', date),
    text('00080050', 'SH', accession),
    text('00080060', 'CS', 'DX'),
    text('00080070', 'LO', 'Maker'),
    text('00080080', 'LO', 'St. Elsewhere'),
    text('00081030', 'LO', 'Chest, Dr. Who asked'),
    ...maybe('00100010', 'PN', name),
    text('00100020', 'LO', patient),
    ...maybe('00100030', 'DA', born),
    ...maybe('00100040', 'CS', sex),
    ...maybe('00101010', 'AS', age),
    ...maybe('00185101', 'CS', view),
    text('0020000D', 'UI', study),
    ...more,
  ].sort((a, b) => (a.tag < b.tag ? -1 : 1));
  return writeDicom({ width: 8, height: 8, pixels: new Uint8Array(64).fill(40 * at), more: elements });
}

beforeAll(async () => {
  folder = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), 'overread-init-dicom-')));
  films = path.join(folder, 'films');
  for (const [i, one] of hospital.entries()) {
    const file = path.join(films, one.file);
    await fs.mkdir(path.dirname(file), { recursive: true });
    await fs.writeFile(file, film(one, i));
  }
  labels = path.join(folder, 'reports.csv');
  const rows = [
    'ACC_NO,referrer,label',
    'ACC1,Dr. Who,Normal',
    'ACC2,Dr. Who,Effusion',
    'ACC3,Dr. No,Normal',
    'ACC4,Dr. No,Effusion',
    'ACC9,Dr. No,Normal',
  ];
  await fs.writeFile(labels, `${rows.join('\n')}\n`);
});
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

/** The rows of the table that was made. */
async function made(root: string): Promise<Record<string, string>[]> {
  const [head = '', ...rows] = (await fs.readFile(path.join(root, 'samples.csv'), 'utf8')).trim().split('\n');
  const names = head.split(',');
  return rows.map((row) => Object.fromEntries(row.split(',').map((cell, i) => [names[i] ?? '', cell])));
}

async function init(...more: readonly string[]): Promise<{ root: string; result: Made }> {
  const root = path.join(folder, `project-${++projects}`);
  const result = await commandJson<Made>(['init', root, '--dicom', films, '--labels', labels, ...more]);
  return { root, result };
}

describe('overread init --dicom', () => {
  it('makes a table of what is harmless, with the labels by the accession number', async () => {
    const { root, result } = await init();
    const rows = await made(root);
    expect(Object.keys(rows[0] ?? {})).toEqual([
      ...['path', 'patient', 'study', 'modality', 'view', 'sex', 'age', 'manufacturer', 'rows', 'columns'],
      ...['photometric', 'days', 'label'],
    ]);
    expect(rows.map(({ path: file, label }) => [file, label])).toEqual([
      ['a/IM0001', 'Normal'],
      ['a/IM0002', 'Effusion'],
      ['b/IM0001', 'Normal'],
      ['b/IM0002', 'Effusion'],
      ['b/IM0003', ''],
    ]);
    // As written, in months, capped at 90 (born 1920), by day from the patient's first study.
    expect(rows.map(({ age }) => age)).toEqual(['47', '47', '90', '0', '30']);
    expect(rows.map(({ days }) => days)).toEqual(['0', '31', '0', '0', '0']);
    expect(result.ignored).toContainEqual(expect.objectContaining({ column: 'referrer' }));
    const codes = result.problems.map(({ code, message }) => [
      code,
      message.replaceAll(/ (of|images|rows).*/g, ''),
    ]);
    expect(codes).toContainEqual(['OVR214', '1']);
    expect(codes).toContainEqual(['OVR215', '4']);
    expect(codes).toContainEqual(['OVR213', '2']);
  });

  it('names nobody: no name, number, date, address or identifier is in the project', async () => {
    const { root } = await init();
    const files = await fs.readdir(root, { recursive: true, withFileTypes: true });
    for (const entry of files.filter((one) => one.isFile())) {
      const content = await fs.readFile(path.join(entry.parentPath, entry.name), 'utf8');
      expect(content).not.toMatch(
        /4711|0815|Muster|Erika|Doe|ACC\d|St\. Elsewhere|Dr\. |1\.2\.\d|20200110|19200615/,
      );
    }
  });

  it('names a patient alike everywhere, and studies where the number is of nobody', async () => {
    const [one, two] = [await init(), await init()];
    const first = await made(one.root);
    expect(first.map(({ patient }) => patient)).toEqual((await made(two.root)).map(({ patient }) => patient));
    const [a, b, c, d, e] = first.map(({ patient }) => patient);
    expect(a).toBe(b);
    expect(new Set([a, c, d, e]).size).toBe(4);
    expect(a).toMatch(/^[0-9a-f]{12}$/);
    expect(one.result.patients).toBe(4);
    const others = { OVERREAD_CONFIG: path.join(folder, 'colleague') };
    const root = path.join(folder, `project-${++projects}`);
    await commandJson(['init', root, '--dicom', films, '--labels', labels], [0], others);
    expect((await made(root))[0]?.['patient']).not.toBe(a);
  });

  it('the key is handed over, and a project refuses another', async () => {
    const key = path.join(folder, 'key');
    const { root } = await init();
    const mine = await commandJson<{ fingerprint: string }>(['pseudonyms', '--export', key]);
    const yaml = await fs.readFile(path.join(root, 'overread.yaml'), 'utf8');
    expect(yaml).toContain(mine.fingerprint);
    expect(yaml).not.toContain((await fs.readFile(key, 'utf8')).split(' ')[1]?.trim());
    const colleague = { OVERREAD_CONFIG: path.join(folder, 'second colleague') };
    const again = ['init', root, '--dicom', films, '--labels', labels, '--force', '--json'];
    const refused = await runCommand(again, colleague);
    expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: 'OVR103' } });
    const before = await made(root);
    expect((await runCommand([...again, '--key', key], colleague)).code).toBe(0);
    expect(await made(root)).toEqual(before);
    const other = await runCommand(['pseudonyms', '--import', key], colleague);
    expect([other.code, other.stderr]).toEqual([2, expect.stringContaining('--replace')]);
    expect((await runCommand(['pseudonyms', '--import', key, '--replace'], colleague)).stdout).toContain(
      mine.fingerprint,
    );
    const { mode } = await fs.stat(path.join(colleague.OVERREAD_CONFIG, 'pseudonym-key'));
    if (process.platform !== 'win32') expect(mode & 0o777).toBe(0o600);
    const broken = path.join(folder, 'broken');
    await fs.writeFile(broken, 'nothing');
    expect((await runCommand([...again, '--key', broken])).code).toBe(2);
  });

  it('writes what is named one by one, and of the offered what is chosen', async () => {
    const { root } = await init('--columns', 'view,age', '--keep', 'AccessionNumber,referrer');
    const [row] = await made(root);
    expect(row).toMatchObject({ view: 'PA', age: '47', AccessionNumber: 'ACC1', referrer: 'Dr. Who' });
    expect(Object.keys(row ?? {})).toEqual([
      'path',
      'patient',
      'study',
      'view',
      'age',
      'AccessionNumber',
      'referrer',
      'label',
    ]);
    const wrong = await runCommand([
      'init',
      path.join(folder, 'x'),
      '--dicom',
      films,
      '--labels',
      labels,
      '--keep',
      'PatientNam',
    ]);
    expect(wrong.stderr).toContain('Did you mean "PatientName"?');
    const unoffered = await runCommand([
      'init',
      path.join(folder, 'x'),
      '--dicom',
      films,
      '--labels',
      labels,
      '--columns',
      'PatientName',
    ]);
    expect([unoffered.code, unoffered.stderr]).toEqual([3, expect.stringContaining('--keep')]);
  });

  it('calls samples by a hash where paths tell who they are of', async () => {
    const named = path.join(folder, 'named');
    for (const [i, one] of hospital.entries()) {
      await fs.mkdir(path.join(named, one.patient), { recursive: true });
      await fs.writeFile(path.join(named, one.patient, `${i}.dcm`), film(one, i));
    }
    const root = path.join(folder, `project-${++projects}`);
    const result = await commandJson<Made>([
      'init',
      root,
      '--dicom',
      named,
      '--labels',
      labels,
      '--on',
      'AccessionNumber=ACC_NO',
    ]);
    expect(result.choices).toContainEqual(expect.objectContaining({ setting: 'dataset.id', value: 'id' }));
    expect((await made(root))[0]?.['id']).toMatch(/^[0-9a-f]{12}$/);
    expect(result.problems.map(({ message }) => message).join('\n')).toContain(
      'The paths of the files tell who',
    );
  });

  it('takes an element as the label, and says what it lacks otherwise', async () => {
    const at = (name: string) => path.join(folder, name);
    const result = await commandJson<Made>(['init', at('views'), '--dicom', films, '--label', 'view']);
    expect(result.choices).toContainEqual(
      expect.objectContaining({ setting: 'labels.classes', value: ['AP', 'PA'] }),
    );
    const none = await runCommand(['init', at('none'), '--dicom', films]);
    expect([none.code, none.stderr]).toEqual([3, expect.stringContaining('Nothing says the labels')]);
    const unfit = await runCommand([
      'init',
      at('none'),
      '--dicom',
      films,
      '--labels',
      labels,
      '--on',
      'StudyInstanceUID',
    ]);
    expect([unfit.code, unfit.stderr]).toEqual([3, expect.stringContaining('No row of the table')]);
    await fs.mkdir(at('empty'));
    expect((await runCommand(['init', at('none'), '--dicom', at('empty')])).stderr).toContain(
      'no DICOM image',
    );
    const planned = await runCommand(
      ['init', at('planned'), '--dicom', films, '--labels', labels, '--plan'],
      { OVERREAD_CONFIG: at('untouched') },
    );
    expect(planned.code).toBe(0);
    await expect(fs.access(at('planned'))).rejects.toThrow();
    await expect(fs.access(at('untouched'))).rejects.toThrow();
  });
});
