/** `overread cohorts`, `shortcuts` and `corrections` on the sample: what they print, refuse and count. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CohortReport } from '../../src/core/cohorts/model';
import type { ShortcutReport } from '../../src/core/cohorts/shortcuts/model';
import type { CorrectionReport } from '../../src/core/corrections/model';
import { openProject } from '../../src/core/project/project';
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

describe('overread shortcuts', () => {
  it('asks the features of the run for the columns, and names what it left out', async () => {
    const project = path.join(root, 'project');
    const report = await commandJson<ShortcutReport>(['shortcuts', project], [0, 1]);
    const told = [...report.shortcuts, ...report.left_out].map(({ attribute }) => attribute);
    expect(told.sort()).toEqual(['age', 'aspect ratio', 'sex', 'view']);
    for (const { outputs, images } of report.shortcuts) {
      for (const { strata } of outputs) {
        expect(strata.reduce((sum, one) => sum + one.images, 0)).toBe(images);
      }
    }
    const { stdout } = await runCommand(['shortcuts', project]);
    expect(stdout).toMatch(/aspect ratio: all images have the same shape/);
  });
});

describe('overread corrections', () => {
  it('answers in a sentence, by the labels before where somebody chose what to read', async () => {
    const project = path.join(root, 'corrected');
    await readyFinetuned(project);
    const same = await commandJson<CorrectionReport>(['corrections', project]);
    expect(same).toMatchObject({ changed: 0, before: { kind: 'given' } });
    expect(same.C.before).toEqual(same.C.after);
    expect(same.answer).toMatch(/No label of the validation part changed/);
    for (const { by_labels_now } of same.parts) {
      expect(by_labels_now.auroc_macro.difference.value).toBeCloseTo(0, 12);
    }
    const { dataset, assignment } = await openProject(project);
    const first = dataset.samples.find((_, i) => assignment.split[i] === 'validation');
    const other = dataset.findings[0]?.values.find((value) => value !== first?.given[0]) ?? '';
    await commandJson(['label', project, first?.id ?? '', other]);
    const report = await commandJson<CorrectionReport>(['corrections', project, '--since', '2020-01-01']);
    expect(report).toMatchObject({ changed: 1, changed_in_training: 0, before: { kind: 'time' } });
    expect(report.parts.at(-1)).toMatchObject({
      changed: 1,
      read_again: 'chosen',
      counts: 'by_labels_before',
    });
    expect((await runCommand(['corrections', project])).stdout).toContain(report.answer);
  });

  it('refuses two versions, and a commit that is not there', async () => {
    const project = path.join(root, 'project');
    const both = await runCommand(['corrections', project, '--before', 'HEAD', '--since', '2026-01-01']);
    expect([both.code, both.stderr]).toEqual([2, expect.stringContaining('OVR001')]);
    const none = await runCommand(['corrections', project, '--before', 'nothing']);
    expect([none.code, none.stderr]).toEqual([3, expect.stringContaining('OVR414')]);
  });
});
