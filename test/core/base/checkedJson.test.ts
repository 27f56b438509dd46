/** JSON that somebody else wrote: what is right is found so at once, and what is wrong is told by Ajv, whichever check looked first. */
import { Type } from '@sinclair/typebox';
import Ajv from 'ajv';
import { describe, expect, it } from 'vitest';
import { jsonReader, ownSchemas } from '../../../src/core/base/checkedJson';
import { quickCheck } from '../../../src/core/base/quickCheck';

const schema = Type.Object({
  count: Type.Integer({ minimum: 0 }),
  share: Type.Union([Type.Number(), Type.Null()]),
  name: Type.String({ minLength: 1, maxLength: 3, pattern: '^[^/\\\\]+$' }),
  kind: Type.Unsafe<'one' | 'two'>({ type: 'string', enum: ['one', 'two'] }),
  version: Type.Literal(1),
  list: Type.Array(Type.Number(), { maxItems: 2, uniqueItems: true }),
  by: Type.Record(Type.String(), Type.Boolean()),
  pair: Type.Optional(Type.Tuple([Type.Number(), Type.String()])),
  own: Type.Optional(Type.Object({ x: Type.Number() }, { additionalProperties: false })),
});
const right = {
  ...{ count: 1, share: null, name: 'a', kind: 'one', version: 1, list: [1], by: {} },
  ...{ pair: [1, 'a'], own: { x: 1 } },
};

/** What stands in a member's place: JSON, written as text since JavaScript has no way to write such a number. */
const values = [
  ...[
    '0',
    '1',
    '-1',
    '1.5',
    '1e999',
    '-1e999',
    '2',
    'null',
    'true',
    '""',
    '"a"',
    '"one"',
    '"two"',
    '"three"',
  ],
  ...['"a/b"', '"\u{1f600}\u{1f600}\u{1f600}"', '"\u{1f600}"', '"\\u0000"', '[]', '[1]', '[1,1]', '[1,2,3]'],
  ...['[1,"a"]', '["a",1]', '[1,"a",2]', '[null]', '{}', '{"x":1}', '{"x":1,"y":2}', '{"x":null}'],
  ...['{"a":true}', '{"a":1}', '{"0":true}', '[true]'],
];
const documents = [
  ...Object.keys(right).flatMap((name) =>
    values.map((value) => JSON.stringify({ ...right, [name]: '@' }).replace('"@"', () => value)),
  ),
  ...Object.keys(right).map((name) => JSON.stringify({ ...right, [name]: undefined })),
  ...[JSON.stringify({ ...right, more: 1 }), '[]', 'null', '1', '"a"', '{}'],
];

describe('a reader of JSON', () => {
  it('takes and refuses what Ajv does, and says of each what Ajv says', () => {
    const read = jsonReader(schema);
    const validate = new Ajv({ ...ownSchemas, strictNumbers: true }).compile(schema);
    let taken = 0;
    for (const text of documents) {
      const isRight = validate(JSON.parse(text));
      if (isRight) {
        taken++;
        expect(read(text), text).toEqual(JSON.parse(text));
      } else expect(() => read(text), text).toThrow(validate.errors?.[0]?.message);
    }
    expect(taken).toBeGreaterThan(20);
  });

  it('finds nearly all that is right without Ajv, and nothing that is wrong', () => {
    const { isRight } = quickCheck(schema);
    const validate = new Ajv({ ...ownSchemas, strictNumbers: true }).compile(schema);
    const differing = documents.filter((text) => isRight(JSON.parse(text)) !== validate(JSON.parse(text)));
    // Three characters that are six units of UTF-16.
    expect(differing).toEqual([JSON.stringify({ ...right, name: '\u{1f600}\u{1f600}\u{1f600}' })]);
  });
});
