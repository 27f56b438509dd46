/** A file of predictions that somebody sends: whatever it is and whatever stands in it, it is taken or refused, and said plainly. */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandJson, runCommand } from '../support/inProcess';
import { readySample } from '../support/readyProjects';

let folder: string;
let root: string;
let ids: readonly string[];
const classes = ['Normal', 'Opacity', 'Nodule'];

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-imported-'));
  root = path.join(folder, 'project');
  await readySample(root);
  const [, ...rows] = (await fs.readFile(path.join(root, 'samples.csv'), 'utf8')).trim().split('\n');
  ids = rows.map((row) => row.split(',')[0] ?? '');
});
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

const sound = (): string =>
  [['image', ...classes].join(','), ...ids.map((id) => `${id},0.8,0.1,0.1`), ''].join('\n');

async function written(name: string, text: string): Promise<string> {
  const file = path.join(folder, name);
  await fs.writeFile(file, text);
  return file;
}

const bring = (file: string, ...more: string[]) =>
  runCommand(['runs', 'import', root, '--predictions', file, '--name', 'theirs', ...more]);

/** Names of runs, whole or in the making. */
const runs = async (): Promise<string[]> => fs.readdir(path.join(root, 'runs')).catch(() => []);

/** No control character but a line end reaches a terminal. */
function expectPlain(text: string): void {
  // eslint-disable-next-line no-control-regex
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
}

describe('predictions from elsewhere', () => {
  it.skipIf(process.platform === 'win32')('a pipe is refused and not waited for', async () => {
    const pipe = path.join(folder, 'pipe.csv');
    execFileSync('mkfifo', [pipe]);
    const result = await bring(pipe);
    expect(result.code).toBe(3);
    expect(result.stderr).toContain('OVR200');
    expect(result.stderr).toContain('a named pipe');
    expect(await runs()).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')(
    'a link to a pipe or a device is refused likewise; one to a file is taken',
    async () => {
      const link = path.join(folder, 'device.csv');
      await fs.symlink('/dev/zero', link);
      expect((await bring(link)).stderr).toContain('OVR200');
      const fine = path.join(folder, 'link.csv');
      await fs.symlink(await written('target.csv', sound()), fine);
      expect((await bring(fine)).code).toBe(0);
      await fs.rm(path.join(root, 'runs'), { recursive: true });
    },
  );

  it('a run that is a link out of the project is not written through', async () => {
    const elsewhere = path.join(folder, 'elsewhere');
    await fs.mkdir(elsewhere);
    await fs.symlink(elsewhere, path.join(root, 'runs'));
    const result = await bring(await written('sound.csv', sound()));
    expect(result.code).toBe(3);
    expect(result.stderr).toContain('OVR005');
    expect(await fs.readdir(elsewhere)).toEqual([]);
    await fs.rm(path.join(root, 'runs'));
  });

  it.each([
    ['of too many columns', Array.from({ length: 40_000 }, (_, i) => `c${i}`).join(',')],
    ['of megabytes in one cell', `image,${'x'.repeat(3_000_000)}`],
  ])('a header %s is refused', async (_, header) => {
    const result = await bring(await written('huge.csv', `${header}\n1,2\n`));
    expect(result.code).toBe(3);
    expect(result.stderr).toMatch(/OVR20\d|OVR805/);
    expect(result.stderr.length).toBeLessThan(4000);
    expect(await runs()).toEqual([]);
  });

  it('names that are formulas, escapes or turned text are shown as they stand', async () => {
    const names = ['=HYPERLINK("http://x")', '\u001b]0;owned\u0007', '\u202etxt.exe', '@SUM(1)'];
    const quoted = names.map((name) => `"${name.replaceAll('"', '""')}"`);
    const text = sound().replace('Normal', quoted[0] ?? '');
    const refused = await bring(await written('formula.csv', text));
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('no column for "Normal"');
    for (const name of quoted) {
      const long = [
        `image,class,p`,
        ...ids.map((id) => `${id},Normal,0.5`),
        `${ids[0] ?? ''},${name},0.5`,
        '',
      ];
      const result = await bring(await written('long.csv', long.join('\n')));
      expect(result.code).toBe(3);
      expect(result.stderr).toContain('The project has no class or finding');
      expectPlain(result.stderr + result.stdout);
    }
    const extra = sound()
      .split('\n')
      .map((line, i) => (line === '' ? line : `${line},${i === 0 ? (quoted[1] ?? '') : 'x'}`));
    const taken = await bring(await written('\u001b[31mred.csv', extra.join('\n')), '--json');
    expect(taken.code).toBe(0);
    expectPlain(taken.stderr + taken.stdout);
    const { runs: listed } = await commandJson<{ runs: { trainer: { settings: { file: string } } }[] }>([
      'runs',
      root,
    ]);
    expect(listed[0]?.trainer.settings.file).toBe('\u001b[31mred.csv');
    expectPlain((await runCommand(['runs', root])).stdout);
    await fs.rm(path.join(root, 'runs'), { recursive: true });
  });

  it('a Parquet file that says more rows than it can have, or is none, is refused', async () => {
    const result = await bring(await written('broken.parquet', 'PAR1 nothing PAR1'));
    expect(result.code).toBe(3);
    expect(result.stderr).toContain('OVR200');
    expect(await runs()).toEqual([]);
  });

  it('names no folder of the machine in the run', async () => {
    expect((await bring(await written('outside.csv', sound()))).code).toBe(0);
    const [run = ''] = await runs();
    const record = await fs.readFile(path.join(root, 'runs', run, 'run.json'), 'utf8');
    expect(record).not.toContain(folder);
  });
});
