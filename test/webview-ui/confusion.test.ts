import { describe, expect, it } from 'vitest';
import { moveCounts } from '../../webview-ui/grid/state/confusion';
import { item } from './support/builders';

const confusion = {
  labels: ['normal', 'effusion'],
  predicted: ['normal', 'effusion'],
  counts: [
    [5, 2],
    [1, 7],
  ],
};

describe('the matrix under edits', () => {
  const before = item(1); // labelled normal, the model says effusion

  it('moves a count to the new label', () => {
    const after = { ...before, value: 'effusion', wrong: false };
    expect(moveCounts(confusion, [{ before, after }]).counts).toEqual([
      [5, 1],
      [1, 8],
    ]);
    expect(
      moveCounts(moveCounts(confusion, [{ before, after }]), [{ before: after, after: before }]),
    ).toEqual(confusion);
  });

  it('counts neither what is excluded nor what is disputed without a decision', () => {
    for (const after of [
      { ...before, excluded: true },
      { ...before, disputed: true, value: null },
    ]) {
      expect(moveCounts(confusion, [{ before, after }]).counts).toEqual([
        [5, 1],
        [1, 7],
      ]);
    }
  });

  it('adds a row for a label that had none', () => {
    const after = { ...before, value: null };
    expect(moveCounts(confusion, [{ before, after }])).toEqual({
      labels: ['normal', 'effusion', ''],
      predicted: ['normal', 'effusion'],
      counts: [
        [5, 1],
        [1, 7],
        [0, 1],
      ],
    });
  });

  it('leaves what the model has no opinion on, and its input, alone', () => {
    const silent = { ...before, predicted: null };
    const copy = structuredClone(confusion);
    expect(moveCounts(confusion, [{ before: silent, after: { ...silent, value: 'effusion' } }])).toEqual(
      copy,
    );
    expect(confusion).toEqual(copy);
  });
});
