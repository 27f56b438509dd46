/** `overread suspects`: labels that are probably wrong, of the project's own fits, of a run, and of predictions from elsewhere. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Suspect } from '../../src/core/suspects/suspectList';
import { commandJson, runCommand } from '../support/inProcess';
import { readyFinetuned } from '../support/readyProjects';

interface Listed {
  readonly method: string;
  readonly run: string | null;
  readonly repeats: number;
  readonly too_rare: readonly string[];
  readonly suspects: readonly Suspect[];
  readonly findings: readonly {
    readonly labelled: number;
    readonly flagged: number;
    readonly health: number;
    readonly classes: readonly { readonly value: string; readonly noise: number }[];
  }[];
}

let folder: string;
let project: string;
/** An image that is there twice, and its other name with another label. */
let twin: {
  readonly sample: string;
  readonly label: string;
  readonly other: string;
  readonly otherLabel: string;
};

beforeAll(async () => {
  folder = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), 'overread-suspects-')));
  project = path.join(folder, 'project');
  await readyFinetuned(project, 60);
  const table = path.join(project, 'samples.csv');
  const [header, first, ...rest] = (await fs.readFile(table, 'utf8')).trim().split('\n');
  const [sample = '', label = '', ...others] = (first ?? '').split(',');
  const otherLabel = label === 'Normal' ? 'Opacity' : 'Normal';
  const other = 'images/zz-again.png';
  await fs.copyFile(path.join(project, sample), path.join(project, other));
  await fs.writeFile(
    table,
    `${[header, first, ...rest, [other, otherLabel, ...others].join(',')].join('\n')}\n`,
  );
  twin = { sample, label, other, otherLabel };
});

afterAll(() => fs.rm(folder, { recursive: true, force: true }));

const listed = (...args: string[]): Promise<Listed> =>
  commandJson<Listed>(['suspects', project, '--repeats', '2', ...args], [0, 1]);

describe('the list', () => {
  it('puts contradictions first, then what the folds call wrong', async () => {
    const { suspects, run, repeats, findings, method } = await listed('--split', 'all');
    expect({ run, repeats, method }).toEqual({ run: null, repeats: 2, method: 'confident' });
    const pair = suspects.slice(0, 2).sort((a, b) => (a.sample < b.sample ? -1 : 1));
    expect(pair.map(({ sample, label, suggested }) => ({ sample, label, suggested }))).toEqual([
      { sample: twin.sample, label: twin.label, suggested: twin.otherLabel },
      { sample: twin.other, label: twin.otherLabel, suggested: twin.label },
    ]);
    expect(pair[0]?.why).toContain(twin.other);
    const rest = suspects.slice(2);
    expect(rest.length).toBeGreaterThan(2);
    expect(rest.map(({ score }) => score)).toEqual(rest.map(({ score }) => score).sort((a, b) => b - a));
    for (const { label, suggested, probabilities, score } of rest) {
      const others = Object.entries(probabilities).filter(([name]) => name !== label);
      expect(suggested).toBe(others.sort(([, a], [, b]) => b - a)[0]?.[0]);
      expect(score).toBeCloseTo(1 - (probabilities[label ?? ''] ?? NaN), 12);
    }
    expect(findings[0]?.labelled).toBe(61);
    expect(findings[0]?.classes.map(({ value }) => value)).toEqual(['Normal', 'Opacity', 'Nodule']);
  });

  it('is another with another score and another method, and narrows by part and filter', async () => {
    const margin = await listed(
      '--split',
      'all',
      '--quality',
      'normalized_margin',
      '--prune',
      'prune_by_class',
    );
    const loss = await listed('--split', 'train', '--quality', 'fold_loss');
    const some = await listed('--split', 'all', '--where', "value = 'Normal'");
    expect(margin.suspects.map(({ score }) => score)).not.toEqual(loss.suspects.map(({ score }) => score));
    expect(some.suspects.length).toBeGreaterThan(0);
    expect(new Set(some.suspects.map(({ label }) => label))).toEqual(new Set(['Normal']));
    const none = await listed('--where', "value = 'Nobody'");
    expect(none.suspects).toEqual([]);
  });

  it('goes by a run, which was made once', async () => {
    const { suspects, run } = await listed('--run', 'latest', '--split', 'all');
    expect(run).toContain('first');
    expect(suspects.some(({ why }) => why.includes('first'))).toBe(true);
    const refused = await runCommand(['suspects', project, '--run', 'latest', '--quality', 'fold_loss']);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('--quality fold_loss');
  });

  it('goes by predictions from elsewhere', async () => {
    const elsewhere = path.join(folder, 'imported');
    await fs.cp(project, elsewhere, { recursive: true });
    const rows = (await fs.readFile(path.join(elsewhere, 'samples.csv'), 'utf8')).trim().split('\n').slice(1);
    // A model that is sure of every label but one.
    const lines = rows.map((row, i) => {
      const [sample = '', label = ''] = row.split(',');
      const said = i === 7 ? (label === 'Normal' ? 'Opacity' : 'Normal') : label;
      const p = (name: string): string => (name === said ? '0.9' : '0.05');
      return [sample, p('Normal'), p('Opacity'), p('Nodule')].join(',');
    });
    await fs.writeFile(path.join(folder, 'theirs.csv'), `path,Normal,Opacity,Nodule\n${lines.join('\n')}\n`);
    const theirs = path.join(folder, 'theirs.csv');
    const about = ['--name', 'theirs', '--out-of-fold', '--use'];
    await commandJson(['runs', 'import', elsewhere, '--predictions', theirs, ...about], [0, 1]);
    const { suspects, run } = await commandJson<Listed>(['suspects', elsewhere, '--split', 'all'], [1]);
    expect(run).toContain('theirs');
    const contradicted = [twin.sample, twin.other];
    const [doubted] = (rows[7] ?? '').split(',');
    expect(suspects.map(({ sample }) => sample)).toEqual([...contradicted, doubted]);
  });

  it('lets go of what somebody kept or corrected, for good', async () => {
    const before = await listed('--split', 'all');
    const [kept, corrected] = before.suspects.slice(2);
    expect(kept && corrected).toBeTruthy();
    await commandJson(['keep', project, kept?.sample ?? '', '--annotator', 'A']);
    await commandJson([
      'label',
      project,
      corrected?.sample ?? '',
      corrected?.suggested ?? '',
      '--annotator',
      'A',
    ]);
    const after = await listed('--split', 'all');
    const names = after.suspects.map(({ sample }) => sample);
    expect(names).not.toContain(kept?.sample);
    expect(names).not.toContain(corrected?.sample);
  });

  it('refuses a finding that there is not', async () => {
    const { code, stderr } = await runCommand(['suspects', project, '--finding', 'Mass']);
    expect(code).toBe(3);
    expect(stderr).toContain('OVR401');
  });
});
