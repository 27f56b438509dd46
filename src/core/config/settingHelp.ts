/** What the schema of overread.yaml says of a setting: for hovers and completion of an editor. */
import { stringify } from 'yaml';
import { configSchema } from './configSchema';
import { describeSchema, type SchemaNode } from './describeSchema';
import type { KeyOffers, SettingHelp } from './model';

/** Longer defaults (lists of lists) say less than nothing in a hover. */
const longestDefault = 60;

/** The help of a setting, from its part of the schema. */
export function settingHelp(setting: string, schema: SchemaNode): SettingHelp {
  const isSection = sectionOf(schema) !== undefined;
  return {
    setting,
    description: schema.description ?? '',
    expected: isSection ? '' : describeSchema(schema),
    default: isSection ? null : shownDefault(schema.default),
    isSection,
  };
}

function shownDefault(value: unknown): string | null {
  if (value === undefined || value === null || value === '') return null;
  const text = stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim();
  return text.length > longestDefault ? null : text;
}

/** The group of settings that a part of the schema may be, beside a single value too. */
export function groupOf(schema: SchemaNode): SchemaNode | undefined {
  if (schema.properties) return schema;
  for (const branch of schema.anyOf ?? []) {
    const group = groupOf(branch);
    if (group) return group;
  }
  return undefined;
}

/** The group of settings that a part of the schema is, or may be beside nothing. */
function sectionOf(schema: SchemaNode): SchemaNode | undefined {
  if (schema.properties) return schema;
  const branches = (schema.anyOf ?? []).filter(({ type }) => type !== 'null');
  return branches.length === 1 && branches[0]?.properties ? branches[0] : undefined;
}

const keyLine = /^( *)([\w-]+) *:(.*)$/;
const typedKey = /^( *)([\w-]*)$/;

/**
 * The keys that the schema has and the text lacks where one is being typed: at the start of a line, in block style.
 * The text need not be YAML yet, so its lines are read, not its document.
 * @param line from 1
 * @param column from 1, behind what is typed
 * @returns undefined where no key can stand
 */
export function keyOffers(text: string, line: number, column: number): KeyOffers | undefined {
  const lines = text.split(/\r?\n/);
  const whole = lines[line - 1] ?? '';
  const typed = typedKey.exec(whole.slice(0, column - 1));
  if (!typed || !/^[\w-]*\s*$/.test(whole.slice(column - 1))) return undefined;
  const indent = typed[1]?.length ?? 0;
  const word = typed[2] ?? '';
  const above = sectionAbove(lines, line - 1, indent);
  const schema = above && schemaAt(above.keys);
  if (!above || !schema) return undefined;
  const present = new Set(keysOf(lines, above.line, indent).filter((key) => key !== word));
  const from = indent + 1;
  return {
    range: { line, column: from, endLine: line, endColumn: from + whole.slice(indent).trimEnd().length },
    keys: Object.entries(schema.properties ?? {})
      .filter(([key]) => !present.has(key))
      .map(([key, node]) => settingHelp([...above.keys, key].join('.'), node)),
  };
}

/** The section that a line of this indentation belongs to, with the index of its line; -1 is the top. */
function sectionAbove(
  lines: readonly string[],
  at: number,
  indent: number,
): { readonly keys: readonly string[]; readonly line: number } | undefined {
  const keys: string[] = [];
  let inner = indent;
  let section = -1;
  for (let i = at - 1; i >= 0 && inner > 0; i--) {
    const text = lines[i] ?? '';
    if (isBlank(text)) continue;
    const key = keyLine.exec(text);
    const width = text.length - text.trimStart().length;
    if (width >= inner) continue;
    // A value, or an entry of a list: nothing of the schema's stands below it.
    if (!key || !isBlank(key[3] ?? '')) return undefined;
    keys.unshift(key[2] ?? '');
    if (section < 0) section = i;
    inner = width;
  }
  return inner === 0 ? { keys, line: section } : undefined;
}

const isBlank = (text: string): boolean => /^\s*(#.*)?$/.test(text);

/** The keys that a section has at this indentation. */
function keysOf(lines: readonly string[], section: number, indent: number): string[] {
  const found: string[] = [];
  for (const text of lines.slice(section + 1)) {
    if (isBlank(text)) continue;
    const width = text.length - text.trimStart().length;
    if (width < indent) break;
    const key = keyLine.exec(text);
    if (width === indent && key) found.push(key[2] ?? '');
  }
  return found;
}

function schemaAt(keys: readonly string[]): SchemaNode | undefined {
  let schema: SchemaNode | undefined = configSchema as SchemaNode;
  for (const key of keys) {
    const next: SchemaNode | undefined = schema?.properties?.[key];
    schema = next && groupOf(next);
  }
  return schema;
}
