/** The form of a text that a count needs. */
import type { Plural } from './texts';

/** @param language BCP 47; the runtime's own where it is not known */
export function plural(forms: Plural, count: number, language: string): string {
  const [locale] = Intl.PluralRules.supportedLocalesOf(language.replaceAll('_', '-'));
  const category = new Intl.PluralRules(locale).select(count);
  return category === 'zero' || category === 'two' ? forms.other : (forms[category] ?? forms.other);
}
