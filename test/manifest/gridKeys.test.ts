/** The table of keys: one meaning each, the same for an answer in every mode; and what is made from it. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { renderKeyTable } from '../../scripts/manifest/keyTable';
import { makeManifest } from '../../src/extension/manifest/contributes';
import { gridCommandRows } from '../../src/extension/manifest/gridCommandRows';
import { scoreTable } from '../../src/core/review/scores';
import { gridKeyRows, type GridMode } from '../../src/protocol/gridKeys';

const modes: readonly GridMode[] = ['grid', 'read'];

describe('the keys of the review', () => {
  it.each(modes)('have one meaning each in the mode %s', (mode) => {
    const keys = gridKeyRows
      .filter(({ does }) => does[mode] !== undefined)
      .flatMap((row) => row.keys.map(({ key }) => key));
    expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([]);
  });

  it('answer alike wherever they answer', () => {
    const answers = gridKeyRows.filter(({ group }) => group === 'answer');
    expect(answers.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['label', 'accept', 'keep', 'uncertain', 'exclude']),
    );
    const inBoth = answers.filter(({ does }) => does.grid !== undefined && does.read !== undefined);
    for (const { name, does } of inBoth) expect([name, does.read]).toEqual([name, does.grid]);
    // Of an image with several findings all are seen in Read mode alone.
    expect(answers.filter((row) => !inBoth.includes(row)).map(({ name }) => name)).toEqual(['keepRest']);
    expect(answers.find(({ name }) => name === 'keepRest')?.does.grid).toBeUndefined();
  });

  it('that answer never are Enter or Space, which repeat and which open and select', () => {
    const answering = new Set(
      gridCommandRows.filter((row) => 'edits' in row).map(({ name }) => name as string),
    );
    for (const { name, keys, by } of gridKeyRows) {
      const isAnswer = answering.has(name) || name === 'label';
      if (isAnswer) expect([name, by]).toEqual([name, 'editor']);
      if (isAnswer) expect(keys.map(({ key }) => key)).not.toEqual(expect.arrayContaining(['enter']));
    }
    expect(gridKeyRows.find(({ keys }) => keys.some(({ key }) => key === 'enter'))?.group).toBe('image');
  });

  it('that are letters on findings are taken in the page, alike in every mode, and one of them answers', () => {
    const letters = gridKeyRows.filter(({ group }) => group === 'letters');
    expect(letters.map(({ name, keys, by }) => [name, keys.map(({ key }) => key).join(), by])).toEqual([
      ['goToFinding', 'letter', 'page'],
      ['otherLabel', 'shift+letter', 'page'],
    ]);
    for (const { name, does } of letters) expect([name, does.read]).toEqual([name, does.grid]);
  });

  it('of the editor are those of the manifest, and belong to a command of the grid', () => {
    const { keybindings } = makeManifest().contributes as {
      keybindings: readonly { command: string; key: string; when: string }[];
    };
    // F is bound once for each state of the window.
    const full = keybindings.filter(({ command }) => command === 'overread.grid.maximise');
    expect(new Set(full.map(({ when }) => when)).size).toBe(8);
    const bound = [...keybindings.filter((one) => !full.includes(one)), full[0]!]
      .map(({ key }) => key)
      .sort();
    const rows = gridKeyRows.filter(({ by }) => by === 'editor');
    expect(bound).toEqual(rows.flatMap(({ keys }) => keys.map(({ key }) => key)).sort());
    const names: readonly string[] = gridCommandRows.map(({ name }) => name);
    for (const { name } of rows) expect(name === 'label' || names.includes(name), name).toBe(true);
  });

  it('stand in docs/review.md', () => {
    // On a difference: npm run manifest
    const text = readFileSync('docs/review.md', 'utf8');
    expect(renderKeyTable(text)).toBe(text);
  });

  it('orders of the title are those that lists may have', () => {
    const offered = gridCommandRows.flatMap(({ command }) => (command.name === 'sort' ? [command.by] : []));
    expect(offered).toEqual(scoreTable.filter(({ sort }) => sort).map(({ id }) => id));
  });
});
