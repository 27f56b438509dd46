/** Cohorts of a made-up project whose model errs on purpose where the table says so. */
import { describe, expect, it } from 'vitest';
import { SplitMix32 } from '../../../src/core/base/random';
import { present } from '../../../src/core/base/present';
import { cohortReport } from '../../../src/core/cohorts/cohortReport';
import { groupingsOf } from '../../../src/core/cohorts/groupings';
import type { Cohort, CohortReport } from '../../../src/core/cohorts/model';
import { checkedConfig, plantedWorld, type Planted } from './builders';
import { Catalog } from '../../../src/core/review/catalog';
import { everything } from '../../../src/core/review/queues';
import { multiClass, sample } from '../labels/builders';

async function reportOf(
  planted: Planted,
  more: Parameters<typeof cohortReport>[2] = {},
): Promise<CohortReport> {
  return cohortReport({ ...planted, config: checkedConfig() }, planted.run, { replicates: 40, ...more });
}

function cohort(report: CohortReport, column: string, name: string): Cohort {
  const found = report.columns.find((one) => one.column === column)?.cohorts.find((one) => one.name === name);
  return present(found, `${column} ${name}`);
}

describe('the cohorts of a column', () => {
  it('have the counts of a plain loop, figures with intervals, and tests', async () => {
    const planted = plantedWorld(600, 3);
    const report = await reportOf(planted);
    const { dataset, assignment, isWrong } = planted;
    const train = dataset.samples.flatMap((one, i) => (assignment.split[i] === 'train' ? [{ one, i }] : []));
    for (const view of ['AP', 'PA']) {
      const own = train.filter(({ one }) => one.metadata['view'] === view);
      const wrong = own.filter(({ i }) => isWrong(i));
      const found = cohort(report, 'view', view);
      expect(found).toMatchObject({
        images: own.length,
        patients: new Set(own.map(({ one }) => one.group)).size,
        too_small: false,
        errors: { items: own.length, errors: wrong.length },
      });
      expect(found.errors.rate.value).toBeCloseTo(wrong.length / own.length, 12);
      expect(found.figures?.accuracy.value).toBeCloseTo(1 - wrong.length / own.length, 12);
      const { low, high, value } = found.errors.rate;
      expect(low).toBeLessThan(value ?? 0);
      expect(high).toBeGreaterThan(value ?? 1);
    }
    // Errors were planted on AP, and nothing depends on sex.
    expect(cohort(report, 'view', 'AP').errors.q).toBeLessThan(0.001);
    expect(cohort(report, 'view', 'AP').errors.lift).toBeGreaterThan(1.5);
    expect(cohort(report, 'sex', 'F').errors.q).toBeGreaterThan(0.05);
    expect(report.items).toBe(train.length);
  });

  it('of fewer than ten patients are counted and not judged', async () => {
    const report = await reportOf(plantedWorld(600, 3));
    const rare = cohort(report, 'site', 'rare');
    expect(rare).toMatchObject({ too_small: true, figures: null, errors: { p: null, q: null } });
    expect(rare.patients).toBeLessThan(10);
    expect(rare.errors.rate).toMatchObject({ low: null, high: null });
  });

  it('are selected by their filter, in the catalog as well', async () => {
    const planted = plantedWorld(400, 5);
    const report = await reportOf(planted);
    const catalog = await Catalog.open({ ...planted, predictions: planted.run.predictions });
    try {
      for (const { cohorts } of report.columns) {
        for (const { where, images, errors } of cohorts) {
          const query = { queue: everything.id, splits: ['train' as const], sort: 'loss', descending: true };
          expect((await catalog.query({ ...query, where })).rows.length, where).toBe(images);
          const wrong = await catalog.query({ ...query, where: `(${where}) AND wrong` });
          expect(wrong.rows.length, where).toBe(errors.errors);
        }
      }
      for (const { where, errors } of report.types) {
        const query = { queue: everything.id, splits: ['train' as const], sort: 'loss', descending: true };
        expect((await catalog.query({ ...query, where })).rows.length, where).toBe(errors);
      }
      expect(report.found.slices.length).toBeGreaterThan(0);
      for (const { where, found, tested } of report.found.slices) {
        for (const [split, rate] of [
          ['train', found],
          ['validation', tested],
        ] as const) {
          const query = { queue: everything.id, splits: [split], sort: 'loss', descending: true, where };
          expect((await catalog.query(query)).rows.length, where).toBe(rate.items);
        }
      }
    } finally {
      catalog.close();
    }
  });

  it('has a filter for multi-label items too', async () => {
    const planted = plantedWorld(900, 11, 'multi-label');
    const report = await reportOf(planted);
    expect(report.items).toBeGreaterThan(report.images);
    expect(cohort(report, 'view', 'AP').errors.q).toBeLessThan(0.001);
    const catalog = await Catalog.open({ ...planted, predictions: planted.run.predictions });
    try {
      for (const { where, found } of report.found.slices) {
        const all = { queue: everything.id, splits: ['train' as const], sort: 'loss', descending: true };
        const { rows } = await catalog.query({ ...all, where: `${where} AND loss IS NOT NULL` });
        expect(rows.length, where).toBe(found.items);
      }
    } finally {
      catalog.close();
    }
  });
});

describe('slices that are found', () => {
  it('hold where the errors are, on images that took no part in the search', async () => {
    const { found } = await reportOf(plantedWorld(1200, 7));
    const [best] = found.slices;
    expect(best?.name).toContain('view AP');
    expect(best).toMatchObject({ kind: 'metadata', holds: true });
    expect(best?.tested.lift).toBeGreaterThan(1.3);
  });

  it('do not hold where nothing but chance was found', async () => {
    let held = 0;
    for (let seed = 0; seed < 10; seed++) {
      const { found } = await reportOf(plantedWorld(600, 100 + seed, 'multi-class', 0));
      held += found.slices.filter(({ holds }) => holds === true).length;
    }
    expect(held).toBeLessThanOrEqual(1);
  });
});

describe('columns', () => {
  const random = new SplitMix32(1);
  const samples = Array.from({ length: 200 }, (_, i) =>
    sample(`s${i}`, ['normal'], {
      metadata: {
        age: String(i === 3 ? 411 : random.below(90)),
        weight: (40 + 60 * random.uniform()).toFixed(1),
        view: i % 2 === 0 ? 'AP' : "P'A",
        same: 'x',
        id: `id ${i}`,
        ...(i % 3 === 0 ? { device: 'D1' } : {}),
      },
    }),
  );
  const dataset = {
    ...multiClass(samples),
    metadataColumns: ['age', 'weight', 'view', 'same', 'id', 'device'],
  };

  it('of ages have bands that say they were guessed, of other numbers quarters', () => {
    const { taken, leftOut } = groupingsOf(dataset);
    expect(taken.map(({ column }) => column)).toEqual(['age', 'weight', 'view']);
    const [age, weight, view] = taken;
    expect(age?.note).toMatch(/guessed/);
    expect(age?.groups.map(({ where }) => where)).toEqual([
      'age < 18',
      'age >= 18 AND age < 40',
      'age >= 40 AND age < 65',
      'age >= 65',
    ]);
    expect(weight?.note).toMatch(/^quarters of the images/);
    expect(view?.groups.map(({ where }) => where)).toEqual(["view = 'AP'", "view = 'P''A'"]);
    expect(leftOut).toEqual([
      { column: 'same', why: 'it has one value only' },
      { column: 'id', why: 'it has 200 different values' },
      { column: 'device', why: 'it has one value only' },
    ]);
  });

  it('that are asked for are taken with their most frequent values, or refused', () => {
    expect(groupingsOf(dataset, ['id']).taken[0]?.note).toBe('the 50 most frequent of 200 values');
    expect(() => groupingsOf(dataset, ['vew'])).toThrow(/no metadata column "vew"/);
  });
});
