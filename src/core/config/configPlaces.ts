/** Where the settings of an overread.yaml stand in its text: what completion, hover and hints of an editor ask. */
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Range } from 'yaml';
import { configSchema } from './configSchema';
import type { SchemaNode } from './describeSchema';
import type { ConfigPlace, TextRange } from './model';
import { groupOf, settingHelp } from './settingHelp';

/**
 * Every key of the text that the schema knows, with its value, in the order of the text; of a list once more for each entry. A text that is being
 * typed and is no YAML yet gives what can be read of it. Never throws.
 */
export function configPlaces(text: string): ConfigPlace[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const range = ([start, end]: Range): TextRange => {
    const from = lines.linePos(start);
    const to = lines.linePos(end);
    return { line: from.line, column: from.col, endLine: to.line, endColumn: to.col };
  };
  const places: ConfigPlace[] = [];
  const visit = (node: unknown, above: readonly string[], schema: SchemaNode): void => {
    if (!isMap(node)) return;
    for (const { key, value } of node.items) {
      const known = isScalar(key) ? groupOf(schema)?.properties?.[String(key.value)] : undefined;
      if (!isScalar(key) || !key.range || !known) continue;
      const keys = [...above, String(key.value)];
      const help = settingHelp(keys.join('.'), known);
      const place = { setting: help.setting, key: range(key.range), help };
      places.push({ ...place, ...written(value, range), choices: choicesOf(known) });
      const entries = isSeq(value) ? value.items : [];
      const entry = choicesOf(known.items ?? {});
      for (const one of entries) places.push({ ...place, ...written(one, range), choices: entry });
      visit(value, keys, known);
    }
  };
  visit(document.contents, [], configSchema as SchemaNode);
  return places;
}

/** Where a single value stands and what it says; null where there is none. */
function written(node: unknown, range: (range: Range) => TextRange): Pick<ConfigPlace, 'value' | 'text'> {
  if (!isScalar(node) || !node.range || node.range[1] <= node.range[0]) return { value: null, text: null };
  const text = typeof node.value === 'string' ? node.value : (node.source ?? null);
  return { value: range(node.range), text };
}

/** What a setting may be, as it is written; nothing where it is free text, any number or a section. */
function choicesOf(schema: SchemaNode): string[] {
  const named = [...(schema.enum ?? []), ...(schema.const === undefined ? [] : [schema.const])];
  const own = schema.type === 'boolean' ? [true, false] : named.filter((value) => value !== null);
  return [...own.map(String), ...(schema.anyOf ?? []).flatMap(choicesOf)];
}
