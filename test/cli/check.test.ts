/** `overread check`: each kind of fault in the data of a project, once, with its samples and a way out. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkProject } from '../../src/core/checks/check';
import type { Check } from '../../src/core/checks/model';
import { openProject } from '../../src/core/project/project';
import { commandJson, runCommand } from '../support/inProcess';
import { readySample } from '../support/readyProjects';
import { sarifFaults } from '../support/sarifSchema';

interface Report {
  readonly samples: number;
  readonly errors: number;
  readonly checks: readonly Check[];
}

let folder: string;
let root: string;
beforeEach(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-check-'));
  root = path.join(folder, 'study');
});
afterEach(() => fs.rm(folder, { recursive: true, force: true }));

/** A grey image of its own; as JPEG with an orientation where one is named. */
function drawn(k: number, orientation?: number): Promise<Buffer> {
  const grey = Uint8Array.from({ length: 64 }, (_, i) => (i * 7 + k * 31) % 251);
  const image = sharp(grey, { raw: { width: 8, height: 8, channels: 1 } });
  return orientation === undefined
    ? image.png().toBuffer()
    : image.jpeg().withMetadata({ orientation }).toBuffer();
}

const rows = [
  // A contradiction in one part, of one patient in two spellings.
  'a.png,Normal,007,train,1,0',
  'b.png,Opacity,7,train,0,0',
  // The same image in two parts.
  'c.png,Normal,11,train,1,1',
  'd.png,Normal,12,test,0,0',
  // The same image twice, of one patient.
  'e.png,Opacity,13,train,1,0',
  'f.png,Opacity,13,train,0,1',
  'gone.png,Normal,14,train,0,0',
  'short.png,Opacity,15,train,1,1',
  'turned.jpg,Normal,16,train,0,0',
  'h.png,Opacity,17,validation,0,0',
  'i.png,Normal,18,validation,0,1',
  'j.png,Normal,19,train,1,0',
];
const twins: Readonly<Record<string, string>> = { 'b.png': 'a.png', 'd.png': 'c.png', 'f.png': 'e.png' };

async function study(): Promise<void> {
  await fs.mkdir(path.join(root, 'images'), { recursive: true });
  await fs.writeFile(
    path.join(root, 't.csv'),
    `path,label,patient_id,split,Edema,Nodule\n${rows.join('\n')}\n`,
  );
  const settings = [
    'version: 1',
    'dataset: { table: t.csv, images: images, group: patient_id }',
    'labels: { classes: [Normal, Opacity] }',
    'split: { column: split, folds: 2 }',
  ];
  await fs.writeFile(path.join(root, 'overread.yaml'), `${settings.join('\n')}\n`);
  for (const [k, row] of rows.entries()) {
    const [name = ''] = row.split(',');
    const file = path.join(root, 'images', name);
    if (name === 'gone.png') continue;
    if (name === 'turned.jpg') await fs.writeFile(file, await drawn(k, 6));
    else if (name === 'short.png') await fs.writeFile(file, (await drawn(k)).subarray(0, 90));
    else if (twins[name] !== undefined) await fs.copyFile(path.join(root, 'images', twins[name]), file);
    else await fs.writeFile(file, await drawn(k));
  }
}

const kindsOf = ({ checks }: Report): unknown[] =>
  checks.map(({ severity, code, kind, samples }) => [severity, code, kind, samples]);

describe('overread check', () => {
  it('finds each kind of fault once, the worst first, and ends with 1', async () => {
    await study();
    const report = await commandJson<Report>(['check', root], [1]);
    expect(report).toMatchObject({ samples: 12, errors: 4, warnings: 2, notes: 6 });
    expect(kindsOf(report)).toEqual([
      ['error', 'OVR311', 'contradiction', ['a.png', 'b.png']],
      ['error', 'OVR300', 'image-missing', ['gone.png']],
      ['error', 'OVR301', 'image-unreadable', ['short.png']],
      ['error', 'OVR312', 'leak', ['c.png', 'd.png']],
      ['warning', 'OVR213', 'patients', []],
      ['warning', 'OVR209', 'class-absent', []],
      ['info', 'OVR105', 'column', []],
      ['info', 'OVR105', 'column', []],
      ['info', 'OVR310', 'exact-duplicate', ['e.png', 'f.png']],
      ['info', 'OVR314', 'near-duplicate', []],
      [
        'info',
        'OVR319',
        'tiny',
        rows
          .map((row) => row.split(',')[0])
          .filter((name) => !['gone.png', 'short.png'].includes(name ?? '')),
      ],
      ['info', 'OVR313', 'format', ['turned.jpg']],
    ]);
    const [contradiction, missing] = report.checks;
    expect(missing?.fixes).toContainEqual({
      title: 'Find images that were moved',
      command: `overread relink ${path.relative(process.cwd(), root)}`,
    });
    expect(contradiction).toMatchObject({
      message: 'The same image is "Normal" in a.png and "Opacity" in b.png',
      score: 1,
      place: { file: 't.csv', row: 2 },
    });
    expect(report.checks.map(({ message }) => message)).toContain(
      'No image of the test part (1 image) has the class "Opacity"',
    );
  });

  it('goes by the labels that stand: corrected, excluded', async () => {
    await study();
    await commandJson(['label', root, 'b.png', 'Normal']);
    await commandJson(['exclude', root, 'd.png']);
    const report = await commandJson<Report>(['check', root], [1]);
    expect(report.checks.filter(({ kind }) => ['contradiction', 'leak'].includes(kind))).toEqual([]);
    // Twice still, under two spellings of a patient.
    expect(kindsOf(report)).toContainEqual(['warning', 'OVR310', 'exact-duplicate', ['a.png', 'b.png']]);
  });

  it('--quick decodes nothing, and finds what is missing and what is the same', async () => {
    await study();
    const codes = (await commandJson<Report>(['check', root, '--quick'], [1])).checks.map(({ code }) => code);
    expect(codes).toEqual(expect.arrayContaining(['OVR300', 'OVR311', 'OVR312', 'OVR310']));
    expect(codes).not.toContain('OVR301');
    expect(codes).not.toContain('OVR313');
  });

  it('tells people with places for an editor, and a sound project ends with 0', async () => {
    await study();
    const { code, stdout, stderr } = await runCommand(['check', root]);
    expect([code, stdout]).toEqual([1, '12 images: 4 errors, 2 warnings, 6 notes.\n']);
    expect(stderr).toMatch(
      /t\.csv:2:1: error OVR311: The same image is "Normal" in a\.png and "Opacity" in b\.png\./,
    );
    const sound = path.join(folder, 'sound');
    await readySample(sound);
    expect((await runCommand(['check', sound])).code).toBe(0);
  });

  it('finds ages that cannot be, in years and as DICOM writes them, and a patient of two sexes', async () => {
    await study();
    const cells = [
      'age,sex',
      '411,F',
      '058Y,M',
      '-3,F',
      '012M,F',
      '200M,M',
      '1500M,M',
      ...Array<string>(6).fill(','),
    ];
    const file = path.join(root, 't.csv');
    const lines = (await fs.readFile(file, 'utf8')).trim().split('\n');
    await fs.writeFile(file, `${lines.map((line, i) => `${line},${cells[i] ?? ','}`).join('\n')}\n`);
    const { checks } = await commandJson<Report>(['check', root], [1]);
    const found = checks.filter(({ code }) => code === 'OVR216');
    expect(found.map(({ message, samples }) => [message, samples])).toEqual([
      ['The age 411 cannot be', ['a.png']],
      ['The age -3 cannot be', ['c.png']],
      ['The age 1500M cannot be', ['f.png']],
    ]);
    await fs.writeFile(
      file,
      (await fs.readFile(file, 'utf8')).replace('13,train,0,1,1500M,M', '13,train,0,1,60,F'),
    );
    const sexes = (await commandJson<Report>(['check', root], [1])).checks.filter(
      ({ code, samples }) => code === 'OVR216' && samples.length === 2,
    );
    expect(sexes).toMatchObject([{ samples: ['e.png', 'f.png'], place: { file: 't.csv', row: 6 } }]);
  });

  it('lets be what check.ignore names with a reason, and counts it', async () => {
    await study();
    const config = path.join(root, 'overread.yaml');
    const settings = await fs.readFile(config, 'utf8');
    const ignore = (list: string): Promise<void> =>
      fs.writeFile(config, `${settings}check: { ignore: [${list}] }\n`);
    await ignore('{ code: OVR311, sample: b.png, reason: both are right }, { code: OVR105, reason: known }');
    const report = await commandJson<Report & { ignored: number }>(['check', root], [1]);
    expect(report.ignored).toBe(3);
    expect(report.checks.map(({ code }) => code)).not.toContain('OVR311');
    expect(report.checks.map(({ code }) => code)).not.toContain('OVR105');
    expect((await runCommand(['check', root])).stdout).toContain('3 ignored');
    await ignore('{ code: OVR311, sample: c.png, reason: another image }');
    const other = await commandJson<Report>(['check', root], [1]);
    expect(other.checks.map(({ code }) => code)).toContain('OVR311');
    await ignore('{ code: OVR311 }');
    expect((await runCommand(['check', root])).stderr).toMatch(/OVR102.*reason/s);
  });

  it('names a command line that lets a finding be, which writes it among the comments of overread.yaml', async () => {
    await study();
    const config = path.join(root, 'overread.yaml');
    await fs.appendFile(config, '# who looks, and why\ncheck: # looked at\n');
    const twice = async (): Promise<Check> => {
      const { checks } = await commandJson<Report>(['check', root], [1]);
      return checks.find(({ code, samples }) => code === 'OVR310' && samples.includes('e.png'))!;
    };
    const line = (await twice()).fixes.find(({ title }) => title === 'Let it be, with a reason')?.command;
    expect(line).toBe(`overread ignore ${path.relative(process.cwd(), root)} OVR310 e.png --reason WHY`);
    const args = line!.split(' ').slice(1, -1);
    const { added } = await commandJson<{ added: unknown }>([...args, 'one phantom: drawn twice']);
    expect(added).toEqual([{ code: 'OVR310', sample: 'e.png', reason: 'one phantom: drawn twice' }]);
    const text = await fs.readFile(config, 'utf8');
    expect(text).toContain('# who looks, and why');
    expect(text).toContain('# looked at');
    const { checks, ignored } = await commandJson<Report & { ignored: number }>(['check', root], [1]);
    expect(ignored).toBe(1);
    expect(checks.filter(({ samples }) => samples.includes('e.png')).map(({ code }) => code)).not.toContain(
      'OVR310',
    );
    // Said once: the file stays to the byte.
    const again = await runCommand([...args, 'another reason']);
    expect([again.code, again.stdout]).toEqual([0, 'overread.yaml says so already.\n']);
    expect(await fs.readFile(config, 'utf8')).toBe(text);
    await runCommand(['ignore', root, 'OVR105', '--reason', 'known']);
    const { checks: left } = await commandJson<Report>(['check', root], [1]);
    expect(left.map(({ code }) => code)).not.toContain('OVR105');
  });

  it.each([
    [['OVR31', 'e.png', '--reason', 'known'], 2, /OVR001.*"OVR31" is no code/s],
    [['OVR310', 'z.png', '--reason', 'known'], 3, /OVR400.*no sample "z\.png"/s],
    [['OVR310', 'e.png', '--reason', ' '], 2, /OVR001.*no reason/s],
    [['OVR310', 'e.png'], 2, /--reason/],
  ])('ignore %j is refused, and nothing is written', async (args, expected, said) => {
    await study();
    const config = path.join(root, 'overread.yaml');
    const before = await fs.readFile(config, 'utf8');
    const { code, stderr } = await runCommand(['ignore', root, ...args]);
    expect([code, stderr]).toEqual([expected, expect.stringMatching(said)]);
    expect(await fs.readFile(config, 'utf8')).toBe(before);
  });

  it('prints SARIF with levels, lines and samples', async () => {
    await study();
    const { code, stdout } = await runCommand(['check', root, '--sarif', '--quick']);
    const log = JSON.parse(stdout) as {
      version: string;
      runs: { tool: { driver: { rules: { id: string }[] } }; results: Record<string, unknown>[] }[];
    };
    expect([code, log.version, log.runs.length]).toEqual([1, '2.1.0', 1]);
    expect(sarifFaults(log)).toEqual([]);
    const [run] = log.runs;
    expect(run?.results[0]).toMatchObject({
      ruleId: 'OVR311',
      level: 'error',
      message: { text: 'The same image is "Normal" in a.png and "Opacity" in b.png' },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 't.csv', uriBaseId: 'PROJECT' },
            region: { startLine: 2 },
          },
        },
      ],
      properties: { kind: 'contradiction', samples: ['a.png', 'b.png'] },
    });
    for (const { ruleId, ruleIndex } of run?.results ?? [])
      expect(run?.tool.driver.rules[Number(ruleIndex)]?.id).toBe(ruleId);
  });

  it('takes a further check as a row', async () => {
    await study();
    const outlier: Check = {
      ...{ code: 'OVR999', kind: 'other', severity: 'warning', samples: ['j.png'], score: 0.7 },
      message: 'It is far from all others',
      fixes: [],
    };
    const report = await checkProject(await openProject(root), {
      cacheDir: folder,
      rows: [{ name: 'outliers', title: 'images far from all others', run: () => [outlier] }],
    });
    expect(report).toEqual({ samples: 12, checks: [outlier], ignored: [], told: new Set() });
  });
});
