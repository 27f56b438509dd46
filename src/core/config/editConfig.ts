/** Changes settings in the text of an overread.yaml; comments and layout stay as the person wrote them. */
import { isDeepStrictEqual } from 'node:util';
import { isMap, isNode, isScalar, parseDocument, stringify, type Document, type Pair } from 'yaml';
import { OverreadError } from '../base/errors';
import { present } from '../base/present';
import { parseConfig } from './configText';

/** A setting by its keys from the top, and its new value; undefined takes it away. */
export type ConfigSetting = readonly [keys: readonly string[], value: unknown];

/**
 * The text with these settings changed, one after the other.
 * @throws OverreadError OVR101 or OVR102, with the place, when the text or the result breaks the schema
 */
export function editConfigText(text: string, settings: readonly ConfigSetting[]): string {
  const names = settings.map(([keys]) => keys.join('.')).join(', ');
  refuseFaults(text, names);
  let after = text;
  for (const [keys, value] of settings) after = editSetting(after, keys, value);
  refuseFaults(after, names);
  return after;
}

/** @throws OVR101, OVR102 where a text breaks the schema @param names what was to be changed */
export function refuseFaults(text: string, names: string): void {
  const error = parseConfig(text).diagnostics.find((fault) => fault.severity === 'error');
  if (!error) return;
  throw new OverreadError({
    code: error.code,
    message: `${names} cannot be set: ${error.message}`,
    place: { file: 'overread.yaml', field: names, line: error.line, column: error.column },
  });
}

/** A word is replaced or added where it stands, every other character stays; anything else goes through the document. */
function editSetting(text: string, keys: readonly string[], value: unknown): string {
  const document = parseDocument(text);
  if (value === undefined) return withoutSetting(text, document, keys);
  const simple = value === null || ['string', 'number', 'boolean'].includes(typeof value);
  if (simple) {
    const edited = replaceWord(text, document, keys, value) ?? addLine(text, document, keys, value);
    if (edited !== undefined && parseDocument(edited).getIn(keys) === value) return edited;
  }
  document.setIn([...keys], simple ? value : document.createNode(value));
  return writtenOut(document, text);
}

/** A section that held nothing else goes with its last setting. Lines go where they are its own, every other character stays. */
function withoutSetting(text: string, document: Document, keys: readonly string[]): string {
  const pair = pairAt(document, keys);
  if (!pair) return text;
  const above = keys.slice(0, -1);
  const section: unknown = document.getIn(above, true);
  if (above.length > 0 && isMap(section) && section.items.length === 1) {
    return withoutSetting(text, document, above);
  }
  document.deleteIn([...keys]);
  const cut = withoutLines(text, pair);
  if (cut !== undefined && isDeepStrictEqual(parseDocument(cut).toJS(), document.toJS())) return cut;
  return writtenOut(document, text);
}

/** The text without the lines of a setting, from its key to what stands behind its value; undefined where others stand in them. */
function withoutLines(text: string, pair: Pair): string | undefined {
  const [start] = keyRange(pair) ?? [];
  const end = isNode(pair.value) ? pair.value.range?.[1] : undefined;
  if (start === undefined || end === undefined) return undefined;
  const first = text.lastIndexOf('\n', start - 1) + 1;
  // A collection of blocks ends where the line of its last value has ended.
  const rest = text[end - 1] === '\n' ? '' : (/^[^\n]*\n?/.exec(text.slice(end))?.[0] ?? '');
  if (text.slice(first, start).trim() !== '' || !/^\s*(?:#.*)?\s*$/.test(rest)) return undefined;
  return text.slice(0, first) + text.slice(end + rest.length);
}

/** The document as text. @param text as it was, by whose brackets the new ones are set */
export function writtenOut(document: Document, text: string): string {
  return document.toString({ lineWidth: 0, flowCollectionPadding: !/[[{][^\s[{]/.test(text) });
}

/** The value of a key that is there; after its colon where it has none yet. */
function replaceWord(
  text: string,
  document: Document,
  keys: readonly string[],
  value: unknown,
): string | undefined {
  const pair = pairAt(document, keys);
  if (!pair || !isScalar(pair.value) || !pair.value.range) return undefined;
  const [start, end] = pair.value.range;
  if (end > start) return text.slice(0, start) + inline(value) + text.slice(end);
  const colon = text.indexOf(':', keyRange(pair)?.[1]);
  return `${text.slice(0, colon + 1)} ${inline(value)}${text.slice(colon + 1)}`;
}

/** After the last line of its section, in that section's indentation; first where the section has no lines yet. */
function addLine(
  text: string,
  document: Document,
  keys: readonly string[],
  value: unknown,
): string | undefined {
  const above = keys.slice(0, -1);
  const key = present(keys.at(-1), 'the key');
  const header = pairAt(document, above);
  if (!header && keys.length === 2 && isMap(document.contents) && document.contents.flow !== true) {
    const gap = text.endsWith('\n') ? '' : '\n';
    return `${text}${gap}${above.join('')}:\n  ${key}: ${inline(value)}\n`;
  }
  const section = header?.value;
  const last = isMap(section) && section.flow !== true ? (section.items.at(-1) as Pair) : header;
  const [start] = keyRange(last) ?? [];
  const end = isScalar(last?.value) ? last.value.range?.[1] : undefined;
  if (!last || start === undefined || end === undefined) return undefined;
  const outer = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  const indent = last === header ? `${outer}  ` : outer;
  const lineEnd = /\r?\n/.exec(text.slice(end));
  const at = lineEnd ? end + lineEnd.index : text.length;
  return `${text.slice(0, at)}${lineEnd?.[0] ?? '\n'}${indent}${key}: ${inline(value)}${text.slice(at)}`;
}

function pairAt(document: Document, keys: readonly string[]): Pair | undefined {
  const section: unknown = keys.length === 1 ? document.contents : document.getIn(keys.slice(0, -1), true);
  if (!isMap(section)) return undefined;
  return section.items.find(({ key }) => isScalar(key) && key.value === keys.at(-1));
}

function keyRange(pair: Pair | undefined): readonly number[] | undefined {
  return isScalar(pair?.key) ? (pair.key.range ?? undefined) : undefined;
}

/** A value on one line, quoted where YAML needs it, inside brackets too. */
function inline(value: unknown): string {
  const plain = stringify(value, { lineWidth: 0 }).trim();
  return /[,[\]{}\n]/.test(plain) ? JSON.stringify(value) : plain;
}
