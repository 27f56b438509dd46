/** JSON of others against a schema: what is let through, what is refused, however it is written. */
import { Type } from '@sinclair/typebox';
import { describe, expect, it } from 'vitest';
import { jsonReader } from '../../../src/core/base/checkedJson';

const read = jsonReader(
  Type.Object({ name: Type.String(), counts: Type.Object({ errors: Type.Integer() }) }),
);

describe('JSON that somebody else may have written', () => {
  it('is read with members that the schema does not know', () => {
    expect(read('{"name": "caf\\u00e9", "counts": {"errors": 2}, "later": [1]}')).toEqual({
      name: 'café',
      counts: { errors: 2 },
      later: [1],
    });
  });

  it.each([
    ['as it is', '{"name": "a", "counts": {"errors": 2, "__proto__": {}}}'],
    ['with an escape', '{"name": "a", "counts": {"errors": 2, "\\u005f_proto__": {}}}'],
    ['with escapes alone', '{"name": "a", "\\u005f\\u005fproto\\u005f\\u005f": 1, "counts": {"errors": 2}}'],
  ])('is refused with a member that would become a prototype, written %s', (_, text) => {
    expect(() => read(text)).toThrow('it has a member "__proto__"');
  });

  it('is read with that name as a value', () => {
    expect(read('{"name": "__proto__", "counts": {"errors": 2}}')).toMatchObject({ name: '__proto__' });
  });

  it('names the member at fault, prepared or not', () => {
    const prepared = jsonReader(Type.Object({ name: Type.String() }));
    prepared.prepare();
    for (const one of [read, prepared])
      expect(() => one('{"name": 3, "counts": {"errors": 1}}')).toThrow('name must be string');
    expect(() => read('{"name": "a", "counts": {"errors": 1.5}}')).toThrow('counts.errors must be integer');
    expect(() => prepared('{')).toThrow('it is no JSON');
  });
});
