/** The rule that numeric rooms have in place of `no-non-null-assertion`, run by ESLint with types. */
import { RuleTester } from 'eslint';
import path from 'node:path';
import tseslint from 'typescript-eslint';
import { describe, it } from 'vitest';
import { nonNullOfTypedArray } from '../../scripts/lint/nonNullOfTypedArray.mjs';

RuleTester.describe = describe;
RuleTester.it = it;

const folder = path.resolve('test/lint/typed');
const tester = new RuleTester({
  languageOptions: {
    parser: tseslint.parser,
    parserOptions: {
      project: './tsconfig.json',
      tsconfigRootDir: folder,
      // In CI the parser would read the one file once, and each case is another content of it.
      disallowAutomaticSingleRunInference: true,
    },
  },
});

/** One function whose parameter is `a`; `at` is an index. */
const reading = (type: string, read: string, name: string) => ({
  name,
  code: `export function f(a: ${type}, at: number) { return ${read}; }`,
  filename: path.join(folder, 'code.ts'),
});
const refused = (type: string, read: string, name: string, errors = 1) => ({
  ...reading(type, read, name),
  errors: Array.from({ length: errors }, () => ({ messageId: 'other' })),
});

tester.run('nonNullOfTypedArray', nonNullOfTypedArray, {
  valid: [
    reading('Float32Array', 'a[at]! * 2', 'an element of a typed array'),
    reading('BigInt64Array', 'a[at]!', 'one of big integers'),
    reading('Int8Array | Uint16Array', 'a[at]!', 'one of several kinds'),
    reading('readonly Int32Array[]', 'a[at]![at]!', 'a list of typed arrays'),
    reading('readonly [Float64Array, Float64Array]', 'a[at]![0]!', 'a pair of them'),
    reading('Bytes', 'a[at]!; } class Bytes extends Uint8Array { size = 1;', 'a class that extends one'),
    reading('B<1>', 'a[at]!; } interface B<T> extends Uint8Array { t: T', 'a generic one that extends one'),
    {
      ...reading('never', 'a', 'a type parameter that is one'),
      code: 'export function f<T extends Float32Array>(a: T) { return a[0]!; }',
    },
    {
      ...reading('never', 'a', 'writing to an element'),
      code: 'export function f(counts: Uint32Array) { counts[0]!++; }',
    },
  ],
  invalid: [
    refused('number[]', 'a[at]!', 'an element of a list of numbers'),
    refused('ArrayLike<number>', 'a[at]!', 'something like a list'),
    refused('readonly string[]', 'a[at]!', 'an element of a list of texts'),
    refused('Float32Array[] | string[]', 'a[at]!', 'a list that may hold something else'),
    refused('readonly (Float32Array | undefined)[]', 'a[at]!', 'a list with gaps'),
    refused('Float32Array[][]', 'a[at]![at]!', 'the outer of two lists'),
    refused('Record<string, Float32Array>', "a['weight']!", 'a record of typed arrays'),
    refused('Map<string, Float32Array>', "a.get('weight')!", 'a map'),
    refused('Float32Array[]', 'a.at(-1)!', 'a call'),
    refused('Float32Array[]', 'a.shift()!', 'what is taken from a list'),
    refused('Float32Array[]', 'a.find((one) => one.length > at)!', 'what is found'),
    refused('Float32Array | undefined', 'a!', 'a name that may be undefined'),
    refused('Float32Array | undefined', 'a![at]!', 'an element of what may be undefined'),
    refused('{ y?: Float32Array }', 'a.y!', 'a member that may be missing'),
    refused('Map<string, number[]>', "a.get('weight')![at]!", 'both of two', 2),
    refused('any', 'a[at]!', 'what nobody knows'),
  ],
});
