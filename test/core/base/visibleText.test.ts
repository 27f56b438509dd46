import { describe, expect, it } from 'vitest';
import { shortened, shownValue, visibleJson, visibleText } from '../../../src/core/base/visibleText';

describe('visibleText', () => {
  it.each([
    ['\u001b[31mred\u0007', '\\x1b[31mred\\x07'],
    ['\u009b2J', '\\x9b2J'],
    ['\u001b]8;;https://example.org\u001b\\link', '\\x1b]8;;https://example.org\\x1b\\link'],
    ['two\nlines\r\nand\ta tab', 'two\\nlines\\r\\nand\\ta tab'],
    ['a\u2028b\u2029c', 'a\\u2028b\\u2029c'],
    ['benign\u202engilam', 'benign\\u202engilam'],
    ['\u2066isolated\u2069 \u200emark \u061c', '\\u2066isolated\\u2069 \\u200emark \\u061c'],
    ['zero\u200bwidth\u2060\ufeff', 'zero\\u200bwidth\\u2060\\ufeff'],
    ['tag \u{e0041}', 'tag \\u{e0041}'],
    ['half \ud83d', 'half \\ud83d'],
  ])('%j → %s', (text, shown) => {
    expect(visibleText(text)).toBe(shown);
  });

  it.each(['Pneumonie – älter', '肺炎', 'التهاب رئوي', 'می‌خواهم', '👩‍⚕️ C:\\images\\1.png', 'π ≥ 0.5'])(
    'leaves what people write: %s',
    (text) => {
      expect(visibleText(text)).toBe(text);
    },
  );

  it('leaves nothing below a blank and nothing that turns the direction, for every code unit', () => {
    const leaks = Array.from({ length: 0x10000 }, (_, unit) => unit).filter((unit) =>
      // eslint-disable-next-line no-control-regex -- that is the point
      /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]/.test(
        visibleText(String.fromCharCode(unit)),
      ),
    );
    expect(leaks).toEqual([]);
  });
});

describe('shortened', () => {
  it('keeps start and end and says how much is left out', () => {
    const text = `"${'x'.repeat(50_000_000)}" is no class`;
    const short = shortened(text, 1000);
    expect(short.length).toBeLessThan(1100);
    expect(short).toMatch(/^"xxx.*… 49,999,\d{3} characters left out …x+" is no class$/);
    expect(shownValue('y'.repeat(201)).length).toBeLessThan(240);
    expect(shownValue('y'.repeat(200))).toBe('y'.repeat(200));
  });
});

describe('visibleJson', () => {
  it('is the same document, without a character that a terminal or a reader could trip over', () => {
    const document = { name: 'a\u009b2J\u2028\u202e\u{e0041}', list: ['\n\t\u001b', 1, null] };
    const json = visibleJson(JSON.stringify(document, null, 2));
    expect(JSON.parse(json)).toEqual(document);
    expect(json).toContain('\\u009b');
    expect(json).toContain('\\udb40\\udc41');
    expect(json.replaceAll('\n', '')).toBe(visibleText(json.replaceAll('\n', '')));
  });
});
