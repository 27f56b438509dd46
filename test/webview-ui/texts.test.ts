import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { collectTexts, placesOf } from '../../scripts/texts/collect';
import { english } from '../../webview-ui/grid/strings';
import { translated } from '../../webview-ui/texts';

describe('the texts of a page', () => {
  it('stay English where there is no translation', () => {
    expect(translated(english, {})).toEqual(english);
    const german = { Train: 'Training' };
    expect(translated(english, german).splits).toEqual({ ...english.splits, train: 'Training' });
  });

  it('take plural forms that English does not have', () => {
    const czech = { '{n} error': '{n} chyba', '{n} errors': '{n} chyb', '{n} errors/few': '{n} chyby' };
    expect(translated({ one: '{n} error', other: '{n} errors' }, czech)).toEqual({
      one: '{n} chyba',
      few: '{n} chyby',
      other: '{n} chyb',
    });
  });

  it('and those of the host are collected for translators, with their places', () => {
    const texts = collectTexts(path.resolve(import.meta.dirname, '../..'));
    expect(texts).toContain(english.whereHelp);
    expect(texts).toContain('Delete run {0}?');
    expect(texts).toContain('Most confident errors');
    expect(texts).toContain('Review: {0}');
    expect(new Set(texts).size).toBe(texts.length);
    expect(placesOf('{b} of {a}')).toEqual(['{a}', '{b}']);
  });
});
