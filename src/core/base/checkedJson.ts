/**
 * JSON that somebody else may have written, checked against the schema of what it should be. Members that the
 * schema does not know are let through: a newer version may have added them.
 */
import type { Static, TSchema } from '@sinclair/typebox';
import Ajv, { type ValidateFunction } from 'ajv';
import { quickCheck } from './quickCheck';

/** What is wrong, as a clause that begins with the member's place: `counts.errors must be integer`. */
export class JsonFault extends Error {
  constructor(
    what: string,
    /** The member at fault; absent where the whole text is. */
    readonly field?: string,
  ) {
    super(what);
  }
}

/** Reads a text, or says what is wrong with it. @throws JsonFault */
export type ReadJson<T> = (text: string) => T;

export interface CheckedReader<T> extends ReadJson<T> {
  /** Compiles the schema now, a few milliseconds, so that the first text is read at once. */
  readonly prepare: () => void;
}

/**
 * Schemas of ours, which TypeScript holds to their form: to check each against the schema of schemas, and to shorten
 * the code that a check is turned into, would take longer than all that this code is ever run for.
 */
export const ownSchemas = { strict: true, validateSchema: false, code: { optimize: false } } as const;

/**
 * A reader for one schema; make it once. Numbers beyond those of IEEE 754 fail as those of a wrong type do. The schema
 * is compiled when the first text comes: most commands read one or two of the kinds of files. Ajv's turn is when one is wrong.
 */
export function jsonReader<S extends TSchema>(schema: S): CheckedReader<Static<S>> {
  const { isRight, prepare } = quickCheck(schema);
  let compiled: ValidateFunction<Static<S>> | undefined;
  const validator = (): ValidateFunction<Static<S>> =>
    (compiled ??= new Ajv({ ...ownSchemas, strictNumbers: true }).compile<Static<S>>(schema));
  const read = (text: string): Static<S> => {
    const value = parse(text);
    if (isRight(value)) return value;
    const validate = validator();
    if (validate(value)) return value;
    const [error] = validate.errors ?? [];
    const field = (error?.instancePath ?? '').split('/').slice(1).join('.');
    const missing = error?.keyword === 'required' ? ` ("${String(error.params['missingProperty'])}")` : '';
    const what = `${error?.message ?? 'is not what it should be'}${missing}`;
    throw new JsonFault(field === '' ? `it ${what}` : `${field} ${what}`, field === '' ? undefined : field);
  };
  return Object.assign(read, { prepare });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text, (key, value: unknown) => {
      // A member of this name would become the prototype of whatever the value is copied into.
      if (key === '__proto__') throw new JsonFault('it has a member "__proto__"', key);
      return value;
    });
  } catch (error) {
    if (error instanceof JsonFault) throw error;
    throw new JsonFault('it is no JSON');
  }
}
