/** Cohorts and shortcuts of real chest X-rays, where they are at hand beside the checkout. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CohortReport } from '../../../src/core/cohorts/model';
import type { ShortcutReport } from '../../../src/core/cohorts/shortcuts/model';
import { commandJson } from '../../support/inProcess';
import { withoutXrays, xrayProject } from '../../support/xrays';

const missing = await withoutXrays();
if (missing !== null) console.warn(`SKIPPED: ${missing}`);

describe.skipIf(missing !== null)('the chest X-rays', () => {
  let project: Awaited<ReturnType<typeof xrayProject>>;
  beforeAll(async () => {
    project = await xrayProject();
  }, 300_000);
  afterAll(() => project.remove());

  it('are called Pneumonia without a finding on PA films, and the reverse on AP', async () => {
    const report = await commandJson<CohortReport>(['cohorts', project.root]);
    expect(report.columns.map(({ column }) => column)).toEqual(['view', 'age', 'sex', 'second_read']);
    const view = report.columns[0]?.cohorts.find(({ name }) => name === 'PA');
    const missed = view?.types.find(({ label }) => label === 'No_findings');
    // Pneumonia is given far more often on PA films there: the head has learnt the view.
    expect(missed?.predicted).toBe('Pneumonia');
    expect(missed?.lift).toBeGreaterThan(1.5);
    expect(missed?.q).toBeLessThan(0.05);
    expect(view?.errors.q).toBeGreaterThan(0.05);
  });

  it('have two shortcuts: the view, and for Covid-19 the shape of the image', async () => {
    const report = await commandJson<ShortcutReport>(['shortcuts', project.root], [1]);
    const flagged = report.shortcuts.filter((one) => one.flagged);
    expect(flagged.map(({ attribute }) => attribute).sort()).toEqual(['aspect ratio', 'view']);
    const of = (attribute: string, output: string) =>
      flagged.find((one) => one.attribute === attribute)?.outputs.find(({ name }) => name === output);
    expect(of('aspect ratio', 'Covid-19')).toMatchObject({ flagged: true });
    expect(of('aspect ratio', 'Covid-19')?.association.value).toBeGreaterThan(0.8);
    expect(of('view', 'Pneumonia')).toMatchObject({ flagged: true });
    // Part of what the model knows of Pneumonia is the view.
    expect(of('view', 'Pneumonia')?.difference.high).toBeLessThan(0);
    expect(flagged.find(({ attribute }) => attribute === 'view')?.auroc.value).toBeGreaterThan(0.95);
    // Features tell the sex as well, and it does not go with the label.
    const sex = report.shortcuts.find(({ attribute }) => attribute === 'sex');
    expect(sex?.auroc.value).toBeGreaterThan(0.7);
    expect(sex?.flagged).toBe(false);
  });
});
