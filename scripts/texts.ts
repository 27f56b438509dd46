// `npm run texts -- de` makes or updates l10n/bundle.l10n.de.json, the translation of the host's and the pages' texts:
// new texts are added in English, for the translator to replace, and what is no longer said is taken out. The texts of
// package.json are translated in package.nls.de.json, beside package.nls.json.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { collectTexts } from './texts/collect';

const [language] = process.argv.slice(2);
if (language === undefined || !/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$/.test(language)) {
  console.error('usage: npm run texts -- LANGUAGE   (de, fr, pt-br, zh-cn, …)');
  process.exit(2);
}
const file = path.join('l10n', `bundle.l10n.${language.toLowerCase()}.json`);
const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>) : {};
const texts = collectTexts('.');
const made: Record<string, string> = {};
for (const text of texts) {
  made[text] = before[text] ?? text;
  // Plural forms that English does not have.
  for (const form of ['few', 'many'].map((category) => `${text}/${category}`)) {
    if (before[form] !== undefined) made[form] = before[form];
  }
}
mkdirSync('l10n', { recursive: true });
writeFileSync(file, `${JSON.stringify(made, null, 2)}\n`);
const open = texts.filter((text) => made[text] === text).length;
console.log(`wrote ${file}: ${String(texts.length)} texts, ${String(open)} still in English`);
