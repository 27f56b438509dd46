/**
 * What is equal is found to be so by Node: Vitest compares element by element, at a hundred times the cost for a million numbers. What is
 * not, or is to match only in part, is left to Vitest, which says well what differs.
 */
import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';

/** True where two lists are equal; undefined: not known. */
function equalLists(a: unknown, b: unknown): true | undefined {
  return isList(a) && isList(b) && isDeepStrictEqual(a, b) ? true : undefined;
}

function isList(value: unknown): boolean {
  return Array.isArray(value) || ArrayBuffer.isView(value);
}

const added = Symbol.for('overread.quickEquality');
const worker = globalThis as { [added]?: true };
// A worker keeps what it has for the next file.
if (!worker[added]) expect.addEqualityTesters([equalLists]);
worker[added] = true;
