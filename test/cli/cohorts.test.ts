/** `overread cohorts` on the sample: what it prints, what it refuses, and the look at the test part. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CohortReport } from '../../src/core/cohorts/model';
import { commandJson, runCommand } from '../support/inProcess';
import { readyFinetuned } from '../support/readyProjects';

let root: string;
beforeAll(async () => {
  root = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-cohorts-'));
  await readyFinetuned(path.join(root, 'project'));
});
afterAll(() => fs.rm(root, { recursive: true, force: true }));

describe('overread cohorts', () => {
  it('prints one document whose counts are those of the errors', async () => {
    const project = path.join(root, 'project');
    const report = await commandJson<CohortReport>(['cohorts', project, '--by', 'view', 'sex']);
    expect(report.columns.map(({ column }) => column)).toEqual(['view', 'sex']);
    const errors = await commandJson<{ errors: readonly { split: string }[] }>(['errors', project], [0, 1]);
    expect(report.errors).toBe(errors.errors.filter(({ split }) => split === 'train').length);
    for (const { cohorts, empty } of report.columns) {
      expect(cohorts.reduce((sum, { images }) => sum + images, empty)).toBe(report.images);
      for (const { where, errors: own } of cohorts) {
        const selected = await commandJson<typeof errors>(
          ['errors', project, '--split', 'train', '--where', where],
          [0, 1],
        );
        expect(selected.errors).toHaveLength(own.errors);
      }
    }
  });

  it('says in words what is too small, what was guessed and what was left out', async () => {
    const { code, stdout } = await runCommand(['cohorts', path.join(root, 'project')]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/too few patients/);
    expect(stdout).toMatch(/after Benjamini and Hochberg/);
  });

  it('refuses a column that is not there, and counts a look at the test part', async () => {
    const project = path.join(root, 'project');
    const refused = await runCommand(['cohorts', project, '--by', 'vew']);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toMatch(/OVR201.*"vew"/s);
    await commandJson(['cohorts', project, '--split', 'test']);
    const looks = await fs.readFile(path.join(project, 'splits', 'test-looks.jsonl'), 'utf8');
    expect(looks).toContain('overread cohorts');
  });
});
