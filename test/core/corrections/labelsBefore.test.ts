/** The labels as they were: at a time, and in commits of a real repository. */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { labelsBefore, type WantedVersion } from '../../../src/core/corrections/labelsBefore';
import { effectiveLabels } from '../../../src/core/labels/effectiveLabels';
import { appendEdits, LabelLogReader } from '../../../src/core/labels/log';
import { checkedConfig } from '../cohorts/builders';
import { multiClass, sample } from '../labels/builders';

const classes = ['normal', 'pneumonia'];
const dataset = multiClass(
  [sample('a', ['normal']), sample('b', ['normal']), sample('c', ['normal'])],
  classes,
);

describe('labels as they were', () => {
  let top: string;
  let root: string;
  beforeEach(async () => {
    top = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), 'overread-before-')));
    root = path.join(top, 'sub folder', 'project');
    await fs.mkdir(root, { recursive: true });
  });
  afterEach(() => fs.rm(top, { recursive: true, force: true }));

  const label = (annotator: string, id: string) =>
    appendEdits(
      root,
      { name: annotator, role: 'reader' },
      [{ op: 'set', sample: id, finding: 'class', value: 'pneumonia' }],
      () => 'normal',
    );
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.org', '-C', top, ...args], {
      encoding: 'utf8',
    });

  async function valuesOf(
    wanted: WantedVersion,
  ): Promise<{ readonly values: unknown[]; readonly held: number; readonly at: string }> {
    const log = new LabelLogReader(root, () => ({}));
    await log.refresh();
    effectiveLabels(dataset, log.table, { disputed: 'exclude' });
    const version = await labelsBefore({ root, dataset, config: checkedConfig(), log }, wanted, process.env);
    const rows = Array.from({ length: log.table.count }, (_, row) => row);
    return {
      values: [0, 1, 2].map((item) => version.labels.valueAt(item)),
      held: rows.filter(version.holds).length,
      at: version.about.at,
    };
  }

  it('of a commit are those of all its label files, in a project below the top of the repository', async () => {
    git('init', '-q');
    await label('Ann', 'a');
    await label('Böb', 'b');
    git('add', '.');
    git('commit', '-qm', 'two readers');
    await label('Ann', 'c');
    const head = git('rev-parse', 'HEAD').trim();
    expect(await valuesOf({ commit: 'HEAD' })).toEqual({
      values: ['pneumonia', 'pneumonia', 'normal'],
      held: 2,
      at: head,
    });
    expect((await valuesOf({})).values).toEqual(['normal', 'normal', 'normal']);
  });

  it('of a commit without labels are the given ones', async () => {
    git('init', '-q');
    await fs.writeFile(path.join(top, 'README'), 'x');
    git('add', '.');
    git('commit', '-qm', 'none yet');
    await label('Ann', 'a');
    expect((await valuesOf({ commit: 'HEAD' })).values).toEqual(['normal', 'normal', 'normal']);
  });

  it('are refused where there is no such commit, no repository, or an option in its place', async () => {
    await label('Ann', 'a');
    await expect(valuesOf({ commit: 'HEAD' })).rejects.toMatchObject({ code: 'OVR414' });
    git('init', '-q');
    await expect(valuesOf({ commit: 'nothing' })).rejects.toMatchObject({ code: 'OVR414' });
    await expect(valuesOf({ commit: `--output=${path.join(top, 'x')}` })).rejects.toMatchObject({
      code: 'OVR414',
    });
    expect(await fs.readdir(top)).not.toContain('x');
  });

  it('at a time hold what happened before it', async () => {
    await label('Ann', 'a');
    await new Promise((resolve) => setTimeout(resolve, 10));
    const since = new Date().toISOString();
    await new Promise((resolve) => setTimeout(resolve, 10));
    await label('Ann', 'b');
    expect((await valuesOf({ since })).values).toEqual(['pneumonia', 'normal', 'normal']);
    expect((await valuesOf({ since: '2020-01-01' })).values).toEqual(['normal', 'normal', 'normal']);
    await expect(valuesOf({ since: 'yesterday' })).rejects.toMatchObject({ code: 'OVR402' });
  });
});
