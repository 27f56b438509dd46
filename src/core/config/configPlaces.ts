/** Where the settings of an overread.yaml stand in its text: what completion, hover and hints of an editor ask. */
import { isMap, isScalar, LineCounter, parseDocument, type Range } from 'yaml';
import { configSchema } from './configSchema';
import type { SchemaNode } from './describeSchema';
import type { ConfigPlace, TextRange } from './model';
import { settingHelp } from './settingHelp';

/**
 * Every key of the text that the schema knows, with its value, in the order of the text. A text that is being
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
      const known = isScalar(key) ? schema.properties?.[String(key.value)] : undefined;
      if (!isScalar(key) || !key.range || !known) continue;
      const keys = [...above, String(key.value)];
      const written = isScalar(value) && value.range && value.range[1] > value.range[0] ? value : undefined;
      places.push({
        setting: keys.join('.'),
        key: range(key.range),
        value: written?.range ? range(written.range) : null,
        text: written ? (typeof written.value === 'string' ? written.value : (written.source ?? null)) : null,
        choices: choicesOf(known),
        help: settingHelp(keys.join('.'), known),
      });
      visit(value, keys, known);
    }
  };
  visit(document.contents, [], configSchema as SchemaNode);
  return places;
}

/** The words that a setting may be; none where it is free text, a number or a section. */
function choicesOf(schema: SchemaNode): string[] {
  const own = (schema.enum ?? []).filter((value) => typeof value === 'string');
  return [...own, ...(schema.anyOf ?? []).flatMap(choicesOf)];
}
