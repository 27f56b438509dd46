/** Queues of what two runs say against a plain rule over items, and as labels change under them. */
import { describe, expect, it } from 'vitest';
import { splits } from '../../../src/core/dataset/model';
import { ItemPredictions } from '../../../src/core/evaluation/itemPredictions';
import { effectiveLabels } from '../../../src/core/labels/effectiveLabels';
import { Catalog } from '../../../src/core/review/catalog';
import { differenceQueues } from '../../../src/core/review/diffRuns';
import { event } from '../labels/builders';
import { makeWorld } from './builders';

const kinds = Object.values(differenceQueues);

async function open(task: 'multi-class' | 'multi-label') {
  const world = makeWorld(task, 200, 3);
  const other = makeWorld(task, 200, 4);
  // A few images of which one of the two runs knows nothing, or too much.
  const seen = Uint8Array.from(world.dataset.samples, (_, i) => (i % 17 === 0 ? 1 : 0));
  const earlier = { ...other.predictions, seen };
  const labels = effectiveLabels(world.dataset, [], { disputed: 'exclude' });
  const catalog = await Catalog.open({ ...world, labels, earlier });
  const before = ItemPredictions.of(world.dataset, earlier);
  /** The rule in words: both judge it, nobody has settled it. */
  const kindOf = (row: number): string | null => {
    const item = catalog.item(row);
    const was = before.predictedName(row);
    // An item that counts as neither right nor wrong has no loss.
    if (item.loss === null || item.predicted === null || was === null || item.kept) return null;
    if (before.seen(catalog.sampleOf(row))) return null;
    const target = target_(item.predicted, item.wrong);
    const wasWrong = was !== target;
    if (wasWrong && !item.wrong) return 'fixed';
    if (wasWrong && item.wrong) return 'still-wrong';
    return item.wrong ? 'newly-wrong' : null;
    function target_(predicted: string, wrong: boolean): string | null {
      if (!wrong) return predicted;
      return task === 'multi-label' ? (predicted === '1' ? '0' : '1') : item.value;
    }
  };
  const check = async (): Promise<void> => {
    const counts = catalog.queueCounts(splits);
    for (const queue of kinds) {
      const { rows } = await catalog.query({ queue, splits, sort: 'path', descending: false });
      const wanted = Array.from({ length: catalog.items }, (_, row) => row).filter(
        (row) => kindOf(row) === queue,
      );
      expect([...rows].sort((a, b) => a - b)).toEqual(wanted);
      expect(counts[queue]).toBe(wanted.length);
      expect(wanted.length).toBeGreaterThan(0);
    }
  };
  return { catalog, check, world, labels };
}

describe.each(['multi-class', 'multi-label'] as const)('%s', (task) => {
  it('fixed, newly wrong and still wrong are what a plain rule says, also after edits', async () => {
    const { catalog, check, world } = await open(task);
    await check();
    const finding = world.dataset.findings[0]!;
    const events = world.dataset.samples
      .slice(0, 60)
      .flatMap(({ id }, i) =>
        i % 3 === 0
          ? [event(i, 'Ann', 'keep', id, { finding: finding.name })]
          : i % 3 === 1
            ? [event(i, 'Ann', 'set', id, { finding: finding.name, value: finding.values[i % 2]! })]
            : [event(i, 'Ann', 'exclude', id, {})],
      );
    catalog.applyEvents(events);
    await check();
  });

  it('are listed only where two runs are compared', async () => {
    const { catalog, world, labels } = await open(task);
    const alone = await Catalog.open({ ...world, labels });
    const ids = ({ queueInfos }: Catalog): string[] => queueInfos.map(({ id }) => id);
    expect(ids(catalog).filter((id) => (kinds as string[]).includes(id))).toEqual(kinds);
    expect(ids(alone)).toEqual(ids(catalog).filter((id) => !(kinds as string[]).includes(id)));
    expect(
      catalog.queueInfos.filter(({ id }) => kinds.includes(id as never)).every((one) => one.contradicts),
    ).toBe(true);
  });
});
