/** Cohorts and shortcuts of real chest X-rays, where they are at hand beside the checkout. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CohortReport } from '../../../src/core/cohorts/model';
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
});
