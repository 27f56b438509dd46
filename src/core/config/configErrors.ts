/** Turns what the schema check says into faults: one per mistake, with its path and in words. */
import type { ErrorObject } from 'ajv';
import { didYouMean, suggest } from '../base/suggest';
import { shownValue } from '../base/visibleText';
import { describeSchema, type SchemaNode } from './describeSchema';
import { patternFault } from '../base/linearPattern';

/** One mistake: where in the document, and what. */
export interface ConfigFault {
  /** Keys and indices from the top. */
  readonly path: readonly (string | number)[];
  /** Whether the key itself is wrong, or its value. */
  readonly at: 'key' | 'value';
  readonly message: string;
  readonly severity: 'error' | 'warning';
  /** What may have been meant in its place, the likeliest first. */
  readonly instead?: readonly (string | number)[];
  /** The key that the section lacks. */
  readonly missing?: string;
}

/** Longer lists are for completion. */
const mostChoices = 6;

/** Faults in the order of the document's structure; a mistake inside a union is reported once. */
export function describeSchemaErrors(errors: readonly ErrorObject[]): ConfigFault[] {
  const kept = withoutUnionNoise(errors).filter((error) => error.keyword !== 'if');
  const aboutKeys = (error: ErrorObject): boolean =>
    error.keyword === 'additionalProperties' || error.keyword === 'required';
  return kept
    .filter(
      (error, i) =>
        // A value of the wrong type is not in the list of allowed ones either: once is enough.
        aboutKeys(error) ||
        kept.findIndex((other) => !aboutKeys(other) && other.instancePath === error.instancePath) === i,
    )
    .filter((error) => !isMisspelt(error, kept))
    .map(describeError);
}

/** A key is missing because it is misspelt: the unknown key beside it says so already. */
function isMisspelt(missing: ErrorObject, errors: readonly ErrorObject[]): boolean {
  if (missing.keyword !== 'required') return false;
  const { missingProperty } = missing.params as { readonly missingProperty: string };
  return errors.some(
    (error) =>
      error.keyword === 'additionalProperties' &&
      error.instancePath === missing.instancePath &&
      suggest(unknownKey(error), [missingProperty]) !== undefined,
  );
}

function unknownKey(error: ErrorObject): string {
  return (error.params as { readonly additionalProperty: string }).additionalProperty;
}

/**
 * A value that fits no branch of a union yields the errors of every branch. Kept are those of the branch that
 * the writer had in mind (the value has its type, the fault lies deeper), else only the union's own.
 */
function withoutUnionNoise(errors: readonly ErrorObject[]): ErrorObject[] {
  let kept = [...errors];
  for (const union of errors.filter((error) => error.keyword === 'anyOf')) {
    const inside = (error: ErrorObject): boolean =>
      error !== union && error.schemaPath.startsWith(`${union.schemaPath}/`);
    const meant = (error: ErrorObject): boolean =>
      error.instancePath.length > union.instancePath.length ||
      ['additionalProperties', 'required', 'minLength', 'exclusiveMinimum', 'format'].includes(error.keyword);
    const deeper = kept.filter((error) => inside(error) && meant(error));
    kept = kept.filter((error) => (deeper.length > 0 ? error !== union : true));
    kept = kept.filter((error) => !inside(error) || deeper.includes(error));
  }
  return kept;
}

function describeError(error: ErrorObject): ConfigFault {
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  const name = path.length === 0 ? 'overread.yaml' : formatPath(path);
  const fault = (message: string): ConfigFault => ({ path, at: 'value', message, severity: 'error' });
  const schema = error.parentSchema as SchemaNode;
  const params = error.params as Readonly<Record<string, unknown>>;
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = unknownKey(error);
      const known = Object.keys(schema.properties ?? {});
      const hint = didYouMean(key, known);
      const near = suggest(key, known);
      return {
        ...(near === undefined ? {} : { instead: [near] }),
        path: [...path, key],
        at: 'key',
        severity: 'error',
        message: `Unknown key "${shownValue(key)}". ${hint === '' ? `Known here: ${known.join(', ')}.` : hint}`,
      };
    }
    case 'required': {
      const key = String(params['missingProperty']);
      return { ...fault(`${name} lacks "${key}".${describeMissing(key)}`), at: 'key', missing: key };
    }
    case 'const':
      if (path.join('.') === 'version')
        return {
          ...fault(
            `version is ${show(error.data)}. Expected: 1. A newer number needs a newer Overread; update it.`,
          ),
          instead: [1],
        };
      return fault(`${name} is ${show(error.data)}. Expected: ${describeSchema(schema)}.`);
    case 'uniqueItems':
      return fault(`${name} names the same entry twice (numbers ${countFromOne(params)}).`);
    case 'minItems':
      return fault(`${name} is empty. Expected: at least ${String(params['limit'])}.`);
    case 'format':
      return fault(
        `${name} is not a regular expression that can be used: ${show(error.data)} (${patternFault(String(error.data)) ?? ''}). Expected: one without lookahead, lookbehind and references back, which can take for ever.`,
      );
    default: {
      const value = show(error.data);
      const options = (schema.enum ?? []).map(String);
      const hint = typeof error.data === 'string' ? didYouMean(error.data, options) : '';
      const near = typeof error.data === 'string' ? suggest(error.data, options) : undefined;
      const instead = near === undefined ? options.slice(0, mostChoices) : [near];
      return {
        ...fault(`${name} is ${value}. Expected: ${describeSchema(schema)}. ${hint}`.trim()),
        ...(instead.length > 0 && path.length > 0 ? { instead } : {}),
      };
    }
  }
}

function describeMissing(key: string): string {
  if (key === 'classes') return ' List the classes in the order of the outputs, or set task: multi-label.';
  if (key === 'findings') return ' List the findings in the order of the outputs.';
  if (key === 'version') return ' Add the line "version: 1".';
  return '';
}

function countFromOne(params: Readonly<Record<string, unknown>>): string {
  return [Number(params['i']), Number(params['j'])]
    .sort((a, b) => a - b)
    .map((index) => String(index + 1))
    .join(' and ');
}

/** `labels.findings[2].uncertain` */
export function formatPath(path: readonly (string | number)[]): string {
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`),
    '',
  );
}

function show(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (typeof value === 'string') return `"${shownValue(value)}"`;
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a group of settings' : JSON.stringify(value);
}
