/** Catalogs and lists that are made in pieces while labels change between them: no edit is lost, none counts twice. */
import { describe, expect, it } from 'vitest';
import { atOnce, type Pieces } from '../../../src/core/base/pieces';
import { SplitMix32 } from '../../../src/core/base/random';
import { splits } from '../../../src/core/dataset/model';
import { EffectiveLabels } from '../../../src/core/labels/effectiveLabels';
import { tableOf } from '../../../src/core/labels/eventTable';
import type { LabelEvent } from '../../../src/core/labels/model';
import { Catalog } from '../../../src/core/review/catalog';
import type { ItemQuery } from '../../../src/core/review/model';
import { ranksOf } from '../../../src/core/review/textRanks';
import { event } from '../labels/builders';
import { makeWorld } from './builders';

const rules = { disputed: 'exclude' } as const;
const errors: ItemQuery = { queue: 'errors', splits: [], sort: 'loss', descending: true };

/** Does the work, with something done after its n-th piece. @returns what came of it, and whether there was such a piece */
function withAfter<T>(
  work: Pieces<T>,
  n: number,
  then: () => void,
): { readonly value: T; readonly isDone: boolean } {
  for (let piece = 1; ; piece++) {
    const step = work.next();
    if (step.done === true) return { value: step.value, isDone: piece > n };
    if (piece === n) then();
  }
}

function* building(world: ReturnType<typeof makeWorld>, table: ReturnType<typeof tableOf>): Pieces<Catalog> {
  const labels = yield* EffectiveLabels.of(world.dataset, table, rules);
  return yield* Catalog.building({ ...world, labels, labelsAsOf: '2024-01-01T00:00:00Z' });
}

/** All that is told of every item, and every count. */
const stateOf = (catalog: Catalog): unknown => ({
  items: Array.from({ length: catalog.items }, (_, row) => catalog.item(row)),
  counts: splits.map((split) => catalog.queueCounts([split])),
  groups: catalog.groups(),
  rare: catalog.rareFindings(),
  edited: catalog.editedSinceRun(),
});

/** What is kept of every item; what is read of its events has those that were not taken in yet. */
const labelsAsApplied = (catalog: Catalog): unknown => ({
  values: Array.from({ length: catalog.items }, (_, row) => {
    const { key, wrong, loss, excluded } = catalog.item(row);
    return { key, wrong, loss, excluded };
  }),
  counts: splits.map((split) => catalog.queueCounts([split])),
});

describe.each(['multi-class', 'multi-label'] as const)('%s', (task) => {
  const world = makeWorld(task, 60, 5);
  const values = task === 'multi-class' ? (world.dataset.findings[0]?.values ?? []) : ['1', '0', 'uncertain'];

  /** Answers of two readers, exclusions, and an undo of the first batch. */
  function someEvents(seed: number): LabelEvent[] {
    const random = new SplitMix32(seed);
    const pick = <T>(list: readonly T[]): T => list[random.below(list.length)]!;
    const events = Array.from({ length: 40 }, (_, n) => {
      const finding = pick(world.dataset.findings).name;
      const about = pick(world.dataset.samples).id;
      const reader = pick(['Ann', 'Bob']);
      return n % 9 === 8
        ? event(n + 1, reader, 'exclude', about, { reason: 'artefact' })
        : event(n + 1, reader, 'set', about, { finding, value: pick(values), batch: `B${seed}-${n % 6}` });
    });
    const [first] = events;
    if (!first) return [];
    const target = first.batch;
    return [
      ...events,
      ...events
        .filter(({ batch, annotator }) => batch === target && annotator === first.annotator)
        .map(({ sample, finding, annotator }) =>
          event(90, annotator, 'undo', sample, { target, ...(finding === undefined ? {} : { finding }) }),
        ),
    ];
  }

  it('a catalog takes in what came while it was built, after whichever piece', () => {
    const [before, meanwhile] = [someEvents(1), someEvents(2)];
    const wanted = stateOf(atOnce(building(world, tableOf([...before, ...meanwhile]))));
    let pieces = 0;
    for (let n = 1; ; n++) {
      const table = tableOf(before);
      const { value: catalog, isDone } = withAfter(building(world, table), n, () => {
        for (const one of meanwhile) table.addEvent(one);
      });
      if (!isDone) break;
      pieces++;
      catalog.applyEvents();
      expect(stateOf(catalog), `after piece ${n}`).toEqual(wanted);
    }
    expect(pieces).toBeGreaterThan(5);
  });

  it.each([undefined, 'image'] as const)('a list (by %s) is that of before or of after an edit', (by) => {
    const query = { ...errors, ...(by === undefined || task === 'multi-class' ? {} : { by }) };
    const listOf = (catalog: Catalog): unknown => {
      const { rows, confusion, found } = catalog.list(query, undefined);
      return { rows: [...rows].sort((a, b) => a - b), confusion, found };
    };
    let pieces = 0;
    for (let n = 1; ; n++) {
      const catalog = atOnce(building(world, tableOf([])));
      const before = listOf(catalog);
      const worst = catalog.item(catalog.list(errors, undefined).rows[0]!);
      const edit = event(1, 'Ann', 'set', worst.sample, { finding: worst.finding, value: worst.predicted });
      const { value: list, isDone } = withAfter(catalog.listing(query, undefined), n, () => {
        catalog.applyEvents([edit]);
      });
      if (!isDone) break;
      pieces++;
      const { rows, confusion, found } = list;
      const after = listOf(catalog);
      const made = { rows: [...rows].sort((a, b) => a - b), confusion, found };
      expect(new Set(rows).size, `after piece ${n}`).toBe(rows.length);
      expect([before, after], `after piece ${n}`).toContainEqual(made);
    }
    expect(pieces).toBeGreaterThan(3);
  });

  it('a list holds no batch of edits by half: it is made again', () => {
    const catalog = atOnce(building(world, tableOf([])));
    const events = Array.from(catalog.list(errors, undefined).rows, (row, n) => {
      const { sample, finding, predicted } = catalog.item(row);
      return event(n, 'Ann', 'set', sample, { finding, value: predicted, batch: 'all of them' });
    });
    // While the order of what was found is made.
    const { value } = withAfter(
      catalog.listing(errors, undefined),
      3,
      () => void catalog.applyEvents(events),
    );
    expect([...value.rows]).toEqual([]);
    expect(value.confusion).toEqual(catalog.list(errors, undefined).confusion);
  });

  it('a batch that is taken in by pieces comes to what it comes to at once; what comes meanwhile is for the next time', () => {
    const tables = [tableOf([]), tableOf([])] as const;
    const [whole, divided] = [atOnce(building(world, tables[0])), atOnce(building(world, tables[1]))];
    const [batch, later] = [someEvents(1), someEvents(2)];
    const before = stateOf(whole);
    whole.applyEvents(batch);
    const { value: touched } = withAfter(divided.applyingEvents(batch), 1, () => {
      for (const one of later) tables[1].addEvent(one);
    });
    expect(touched.length).toBeGreaterThan(20);
    const states = [divided, whole].map(labelsAsApplied);
    expect(states[0]).toEqual(states[1]);
    expect(stateOf(whole)).not.toEqual(before);
    divided.applyEvents();
    whole.applyEvents(later);
    expect(stateOf(divided)).toEqual(stateOf(whole));
  });

  it('groups count each image once while labels change', () => {
    const catalog = atOnce(building(world, tableOf([])));
    const before = catalog.groups();
    const row = catalog.list(errors, undefined).rows[0]!;
    const { sample, finding, predicted } = catalog.item(row);
    const edit = event(1, 'Ann', 'set', sample, { finding, value: predicted });
    const { value } = withAfter(catalog.counting(), 1, () => void catalog.applyEvents([edit]));
    expect([before, catalog.groups()]).toContainEqual(value);
  });
});

describe('ranks of texts', () => {
  it('are their places in sorted order, of equal ones the first', () => {
    const random = new SplitMix32(9);
    for (const length of [0, 1, 2047, 2048, 2049, 9001]) {
      const texts = Array.from({ length }, () => `${random.below(length)}.png`);
      const sorted = texts.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
      const placeOf = new Map<string, number>();
      sorted.forEach((text, place) => placeOf.has(text) || placeOf.set(text, place));
      expect([...atOnce(ranksOf(texts))]).toEqual(texts.map((text) => placeOf.get(text)));
    }
  });
});
