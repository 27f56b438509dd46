/** The elements of a file as a table that can be searched. */
import type { DicomTags, ListedTag } from '../../src/protocol/engineApi';
import { element, setText } from '../dom';
import { fill } from '../texts';
import type { DicomTexts } from './strings';

/** Rows that are drawn: whoever looks for one among more searches. */
const mostRows = 1000;

export class TagTable {
  readonly root: HTMLElement;
  readonly search: HTMLInputElement;
  private readonly rows = element('tbody', {});
  private readonly count = element('p', { class: 'muted count', attributes: { role: 'status' } });
  private file: DicomTags | undefined;

  constructor(
    private readonly texts: DicomTexts,
    onSearch: (text: string) => void,
  ) {
    this.search = element('input', {
      class: 'search',
      attributes: {
        type: 'search',
        'aria-label': texts.search,
        placeholder: texts.searchHint,
        spellcheck: 'false',
      },
    });
    this.search.addEventListener('input', () => {
      onSearch(this.search.value);
      this.draw();
    });
    const heads = [texts.tag, texts.keyword, texts.vr, texts.value].map((text) =>
      element('th', { text, attributes: { scope: 'col' } }),
    );
    this.root = element(
      'aside',
      { class: 'elements' },
      this.search,
      this.count,
      element(
        'div',
        { class: 'scroll', attributes: { tabindex: '0', role: 'region', 'aria-label': texts.elements } },
        element('table', {}, element('thead', {}, element('tr', {}, ...heads)), this.rows),
      ),
    );
  }

  show(file: DicomTags): void {
    this.file = file;
    this.draw();
  }

  private draw(): void {
    const { texts, file } = this;
    if (!file) return;
    const wanted = this.search.value.trim().toLowerCase();
    const found = wanted === '' ? file.tags : file.tags.filter((tag) => holds(tag, wanted));
    const count = file.tags.length;
    const all = fill(count === 1 ? (texts.counted.one ?? texts.counted.other) : texts.counted.other, {
      count,
    });
    const some = wanted === '' ? all : fill(texts.found, { found: found.length, count });
    const cut = found.length > mostRows || !file.whole;
    setText(
      this.count,
      cut ? `${some}, ${fill(texts.firstOnly, { count: Math.min(mostRows, found.length) })}` : some,
    );
    this.rows.replaceChildren(...found.slice(0, mostRows).map(rowOf));
  }
}

/** Whether an element has the text in its number, keyword or value; `0010 0010`, `(0010,0010)` and `00100010` are one. */
function holds({ tag, keyword, value }: ListedTag, wanted: string): boolean {
  const digits = wanted.replaceAll(/[(),\s]/g, '');
  return (
    keyword.toLowerCase().includes(wanted) ||
    value.toLowerCase().includes(wanted) ||
    (/^[0-9a-f]{2,8}$/.test(digits) && tag.replace(',', '').toLowerCase().startsWith(digits))
  );
}

function rowOf({ tag, keyword, vr, value, depth }: ListedTag): HTMLElement {
  const name = element('td', { class: 'tag', text: tag });
  if (depth > 0) name.prepend('› '.repeat(Math.min(depth, 8)));
  return element(
    'tr',
    {},
    name,
    element('td', { text: keyword }),
    element('td', { text: vr }),
    element('td', { class: 'value', text: value }),
  );
}
