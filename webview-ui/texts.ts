/**
 * The texts of a page: written in English in its `strings.ts`, each replaced by the translation that the host hands
 * in. Translations are those of the extension (`l10n/bundle.l10n.<language>.json`): one set for host and pages, with the
 * English text as the key.
 */

/** Forms by CLDR plural category; `other` stands in for those that are absent. */
export interface Plural {
  readonly one?: string;
  readonly few?: string;
  readonly many?: string;
  readonly other: string;
}

/** The shape of the texts of a page: any translation of it. */
export type Texts<T> = T extends string
  ? string
  : T extends { readonly other: string; readonly one: string }
    ? Plural
    : { readonly [K in keyof T]: Texts<T[K]> };

/** Translations by the English text; of a plural's other forms by `English/few`, as the editor keys a text with a comment. */
export type Translations = Readonly<Record<string, string>>;

const otherCategories = ['few', 'many'] as const;

/** What the host wrote into the head of the page; without a translation nothing, and the texts stay English. */
export function handedIn(page: Document): Translations {
  const content = page.querySelector('meta[name="overread-texts"]')?.getAttribute('content');
  return content === null || content === undefined ? {} : (JSON.parse(content) as Translations);
}

/** Every text, translated where there is a translation. */
export function translated<T>(english: T, translations: Translations): Texts<T> {
  return translateNode(english, translations) as Texts<T>;
}

function translateNode(node: unknown, translations: Translations): unknown {
  if (typeof node === 'string') {
    return Object.hasOwn(translations, node) ? translations[node] : node;
  }
  if (typeof node !== 'object' || node === null) return node;
  const made = Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, translateNode(value, translations)]),
  );
  if (!('one' in node && 'other' in node && typeof node.other === 'string')) return made;
  for (const category of otherCategories) {
    const form = translations[`${node.other}/${category}`];
    if (form !== undefined) made[category] = form;
  }
  return made;
}

/** Fills `{name}` placeholders; one without a value stays as it is. */
export function fill(template: string, values: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : whole,
  );
}
