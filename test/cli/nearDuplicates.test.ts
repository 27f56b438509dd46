/** `overread check` on copies of images that were saved again, moved and brightened, by cached features. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Check } from '../../src/core/checks/model';
import type { Suspect } from '../../src/core/suspects/suspectList';
import { commandJson } from '../support/inProcess';
import { quickModel } from '../support/cli';
import { copyProject, readyFinetuned, readyProject } from '../support/readyProjects';

let folder: string;
beforeEach(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-near-'));
});
afterEach(() => fs.rm(folder, { recursive: true, force: true }));

interface Row {
  readonly path: string;
  label: string;
  patient: string;
  rest: string;
}

async function readRows(root: string): Promise<{ header: string; rows: Row[] }> {
  const [header = '', ...lines] = (await fs.readFile(path.join(root, 'samples.csv'), 'utf8'))
    .trim()
    .split('\n');
  const rows = lines.map((line) => {
    const [name = '', label = '', patient = '', ...rest] = line.split(',');
    return { path: name, label, patient, rest: rest.join(',') };
  });
  return { header, rows };
}

/** A project of 30 with copies of three images, and features of all. */
async function withCopies(root: string): Promise<void> {
  await readyProject('copies', root, async (project) => {
    await readyFinetuned(project);
    await fs.rm(path.join(project, 'runs'), { recursive: true });
    await fs.rm(path.join(project, 'splits'), { recursive: true });
    const { header, rows } = await readRows(project);
    const file = (name: string): string => path.join(project, 'images', path.basename(name));
    const copies: Row[] = [];
    for (const [k, row] of rows.slice(0, 3).entries()) {
      const name = row.path.replace(/[^/]+$/, `copy${k}.jpg`);
      const { width, height } = await sharp(file(row.path)).metadata();
      await sharp(file(row.path))
        .extract({ left: 3, top: 2, width: width - 6, height: height - 5 })
        .linear(0.9, 12)
        .jpeg({ quality: 70 })
        .toFile(file(name));
      const other = rows.find(({ label }) => label !== row.label)?.label ?? '';
      copies.push({ ...row, path: name, patient: `copy-${k}`, label: k === 0 ? other : row.label });
    }
    const lines = [...rows, ...copies].map((row) => [row.path, row.label, row.patient, row.rest].join(','));
    await fs.writeFile(path.join(project, 'samples.csv'), `${[header, ...lines].join('\n')}\n`);
    await commandJson(['finetune', project, ...quickModel]);
  });
}

describe('near duplicates', { timeout: 180_000 }, () => {
  describe('in a project that is checked', () => {
    let root: string;
    let checks: readonly Check[];
    let before: readonly Suspect[];
    const suspectsOf = async (): Promise<readonly Suspect[]> =>
      (
        await commandJson<{ suspects: readonly Suspect[] }>(
          ['suspects', root, '--split', 'all', '--repeats', '1'],
          [0, 1],
        )
      ).suspects;
    beforeAll(async () => {
      root = path.join(await fs.mkdtemp(path.join(os.tmpdir(), 'overread-near-')), 'study');
      await withCopies(root);
      before = await suspectsOf();
      checks = (await commandJson<{ checks: readonly Check[] }>(['check', root], [1])).checks;
    });
    afterAll(() => fs.rm(path.dirname(root), { recursive: true, force: true }));

    it('are found under other patients, contradictions first, and nothing else is', async () => {
      const { rows } = await readRows(root);
      const near = checks.filter(({ code }) => ['OVR311', 'OVR312', 'OVR314'].includes(code));
      const pairs = new Set(near.map(({ samples }) => samples.join(' ')));
      expect(pairs).toEqual(
        new Set(
          rows.slice(0, 3).map(({ path: name }, k) => `${name} ${name.replace(/[^/]+$/, `copy${k}.jpg`)}`),
        ),
      );
      expect(checks[0]).toMatchObject({ code: 'OVR311', kind: 'contradiction', severity: 'error' });
      expect(checks[0]?.message).toMatch(/^Two images that register onto each other are "/);
      expect(near.every(({ score }) => score !== null && score >= 0.68 && score <= 1)).toBe(true);
    });

    it('with other labels come first among the suspects, as a contradiction that says so', async () => {
      expect(before.some(({ why }) => why.includes('registers'))).toBe(false);
      const [original = '', copy = ''] = checks[0]?.samples ?? [];
      const suspects = await suspectsOf();
      const [one, two] = suspects;
      expect(new Set([one?.sample, two?.sample])).toEqual(new Set([original, copy]));
      expect(
        suspects
          .slice(0, 2)
          .map(({ score, why }) => [score, /^an image that registers onto it is "/.test(why)]),
      ).toEqual([
        [1, true],
        [1, true],
      ]);
      expect([one?.label, one?.suggested]).toEqual([two?.suggested, two?.label]);
      expect(suspects.slice(2).some(({ why }) => why.includes('registers'))).toBe(false);
      await commandJson(['keep', root, original, '--annotator', 'Ada']);
      await commandJson(['exclude', root, copy, '--annotator', 'Ada']);
      expect((await suspectsOf()).some(({ why }) => why.includes('registers'))).toBe(false);
    });

    it('that are of one patient and one label are no finding, and what is left out neither', async () => {
      const other = path.join(folder, 'study');
      // With what the check keeps, and without answers.
      await copyProject(root, other, ['labels']);
      const { rows } = await readRows(other);
      await commandJson(['exclude', other, ...rows.slice(30, 33).map((row) => row.path)]);
      const again = await commandJson<{ checks: readonly Check[] }>(['check', other], [0, 1]);
      expect(again.checks.filter(({ code }) => ['OVR311', 'OVR312', 'OVR314'].includes(code))).toEqual([]);
    });
  });

  it('are not looked for without features, which is said, and not by a quick check', async () => {
    const root = path.join(folder, 'study');
    await withCopies(root);
    await fs.rm(path.join(root, '.overread'), { recursive: true });
    const { checks } = await commandJson<{ checks: readonly Check[] }>(['check', root], [0, 1]);
    expect(checks.filter(({ code }) => code === 'OVR314')).toMatchObject(
      [{ severity: 'info', message: /were not looked for: no features/ }].map((one) => ({
        ...one,
        message: expect.stringMatching(one.message) as string,
      })),
    );
    const quick = await commandJson<{ checks: readonly Check[] }>(['check', root, '--quick'], [0, 1]);
    expect(quick.checks.filter(({ code }) => code === 'OVR314')).toEqual([]);
  });
});
