/** The text of overread.yaml: parsed, checked against its schema, every fault with its exact place. */
import Ajv, { type ValidateFunction } from 'ajv';
import { isMap, isScalar, LineCounter, parseDocument, stringify, type Document, type Node } from 'yaml';
import { FormatRegistry, type TSchema } from '@sinclair/typebox';
import { ownSchemas } from '../base/checkedJson';
import { quickCheck } from '../base/quickCheck';
import { sentenceLimit, shortened } from '../base/visibleText';
import { describeSchemaErrors, type ConfigFault } from './configErrors';
import { checkConfigRules } from './configRules';
import type { ConfigFix, TextRange } from './model';
import { configSchema, hasOutputs, type ConfigFields } from './configSchema';
import { patternFault } from '../base/linearPattern';

/** A fault with its place; lines and columns are 1-based, the end is exclusive. */
export interface ConfigDiagnostic {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly severity: 'error' | 'warning';
  /** OVR101: no YAML. OVR102: YAML that breaks the schema. */
  readonly code: 'OVR101' | 'OVR102';
  readonly message: string;
  /** Changes that may be what was meant, the likeliest first. */
  readonly fixes: readonly ConfigFix[];
}

/** What a text says; `config` is absent when a fault is an error. */
export interface ParsedConfig {
  readonly config?: ConfigFields;
  readonly diagnostics: readonly ConfigDiagnostic[];
}

const isPattern = (text: string): boolean => patternFault(text) === undefined;
// Here, and not for every check: pages check what has no patterns, and Node's way to limit their time is not there.
FormatRegistry.Set('regex', isPattern);

const { isRight, prepare } = quickCheck(configSchema);
let compiled: ValidateFunction<ConfigFields> | undefined;

/** Has the check of the fields ready: it would take its moment when the first configuration is read. */
export const prepareConfigCheck = prepare;

/** The check that says what is wrong, made when the first faulty configuration is read. */
function validator(): ValidateFunction<ConfigFields> {
  compiled ??= new Ajv({
    ...ownSchemas,
    allErrors: true,
    verbose: true,
    useDefaults: true,
    strictRequired: false,
    formats: { regex: isPattern },
  }).compile<ConfigFields>(configSchema);
  return compiled;
}

/** Parses and checks. Never throws. */
export function parseConfig(text: string): ParsedConfig {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = (start: number, end: number) => {
    const from = lines.linePos(start);
    const to = lines.linePos(Math.max(end, start));
    return { line: from.line, column: from.col, endLine: to.line, endColumn: to.col };
  };
  const syntax = [...document.errors, ...document.warnings].map((fault): ConfigDiagnostic => ({
    ...place(...fault.pos),
    severity: fault.name === 'YAMLWarning' ? 'warning' : 'error',
    code: 'OVR101',
    message: shortened(fault.message, sentenceLimit),
    fixes: [],
  }));
  if (document.errors.length > 0) return { diagnostics: syntax };

  const given: unknown = withoutEmptySections(document.toJS() ?? {});
  const fields: unknown = withDefaults(configSchema, given);
  const faults = isComplete(fields) ? checkConfigRules(fields) : faultsOf(given);
  const diagnostics = faults
    .map((fault): ConfigDiagnostic => {
      const range = place(...rangeOf(document, fault, text));
      return {
        ...range,
        severity: fault.severity,
        code: 'OVR102',
        message: shortened(fault.message, sentenceLimit),
        fixes: fixesOf(fault, range),
      };
    })
    .sort((a, b) => a.line - b.line || a.column - b.column);
  const broken = faults.some((fault) => fault.severity === 'error');
  return {
    ...(broken ? {} : { config: fields as ConfigFields }),
    diagnostics: [...syntax, ...diagnostics],
  };
}

function isComplete(fields: unknown): fields is ConfigFields {
  return isRight(fields) && hasOutputs(fields as ConfigFields);
}

/** What is wrong with fields as they are given; where the quick check was too strict, what our own rules say. */
function faultsOf(given: unknown): ConfigFault[] {
  const validate = validator();
  return validate(given) ? checkConfigRules(given) : describeSchemaErrors(validate.errors ?? []);
}

/** The value with what the schema gives for members that are missing. @param value as YAML gives it */
function withDefaults(schema: TSchema, value: unknown): unknown {
  const { properties: members, items } = schema as {
    readonly properties?: Readonly<Record<string, TSchema>>;
    readonly items?: TSchema;
  };
  if (Array.isArray(value))
    return items === undefined ? value : value.map((item) => withDefaults(items, item));
  if (members === undefined || typeof value !== 'object' || value === null) return value;
  const filled: Record<string, unknown> = { ...value };
  for (const [name, member] of Object.entries(members)) {
    const own = Object.hasOwn(filled, name) ? filled[name] : structuredClone(member.default as unknown);
    if (own !== undefined) filled[name] = withDefaults(member, own);
  }
  return filled;
}

/** What may be meant, as changes to the text; a file without its version gets one on top. */
function fixesOf(fault: ConfigFault, range: TextRange): ConfigFix[] {
  if (fault.missing === 'version') {
    return [{ line: 1, column: 1, endLine: 1, endColumn: 1, text: 'version: 1\n' }];
  }
  return (fault.instead ?? []).map((text) => ({ ...range, text: stringify(text, { lineWidth: 0 }).trim() }));
}

/** A section whose every line is commented out is YAML's null: it means the defaults. */
function withoutEmptySections(fields: unknown): unknown {
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) return fields;
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

/** The characters to underline: the value; the key where it is at fault or has no value; else the first line. */
function rangeOf(document: Document, fault: ConfigFault, text: string): readonly [number, number] {
  for (let depth = fault.path.length; depth > 0; depth--) {
    const path = fault.path.slice(0, depth);
    const wholePath = depth === fault.path.length;
    const node = document.getIn(path, true) as Node | undefined;
    const wantsKey = fault.at === 'key' || !wholePath || (isScalar(node) && node.value === null);
    const key = wantsKey ? keyRange(document, path) : undefined;
    if (key) return key;
    if (node?.range) return [node.range[0], node.range[1]];
  }
  const start = document.contents?.range?.[0] ?? 0;
  const lineEnd = text.indexOf('\n', start);
  return [start, lineEnd < 0 ? text.length : lineEnd];
}

function keyRange(
  document: Document,
  path: readonly (string | number)[],
): readonly [number, number] | undefined {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (!isMap(parent)) return undefined;
  const pair = parent.items.find(
    (item) => isScalar(item.key) && String(item.key.value) === String(path.at(-1)),
  );
  const range = isScalar(pair?.key) ? pair.key.range : undefined;
  return range ? [range[0], range[1]] : undefined;
}
