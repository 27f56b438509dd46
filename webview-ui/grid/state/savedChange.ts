/** The last change as a page saves it, checked when it is read. */
import type { LabelChange } from '../../../src/protocol/engineApi';
import { parseItemQuery } from '../../../src/protocol/gridRequests';

type To = LabelChange['to'][number];

/** @returns null for what is none, or throws where its query is none */
export function parseChange(value: unknown): LabelChange | null {
  if (typeof value !== 'object' || value === null) return null;
  const { op, count, path, to, query } = value as Readonly<Record<string, unknown>>;
  const isKnown = op === 'edit' || op === 'undo' || op === 'redo';
  if (!isKnown || typeof count !== 'number' || !Array.isArray(to) || !to.every(isTo)) return null;
  return { op, count, path: typeof path === 'string' ? path : null, to, query: parseItemQuery(query) };
}

function isTo(value: unknown): value is To {
  if (typeof value !== 'object' || value === null) return false;
  const to = value as Readonly<Record<string, unknown>>;
  return (
    isLabel(to['value']) &&
    (to['previous'] === undefined || isLabel(to['previous'])) &&
    typeof to['excluded'] === 'boolean' &&
    typeof to['kept'] === 'boolean' &&
    typeof to['count'] === 'number'
  );
}

function isLabel(value: unknown): boolean {
  return value === null || typeof value === 'string';
}
