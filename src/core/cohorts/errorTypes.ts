/** Kinds of errors: which label was called what instead. */
import { quoteLiteral } from '../base/duckdb';
import { classFinding, type Dataset } from '../dataset/model';
import type { JudgedItems } from './judgedItems';
import type { ErrorType } from './model';

/** A kind of error and how often it is there. */
export interface CountedType extends ErrorType {
  readonly errors: number;
}

/** Kinds that are told of a part. */
const mostTypes = 8;
/** Errors below which a kind is none of its own. */
const fewestOfType = 5;

/** The kinds of errors of a part, the commonest first; at most eight, with at least five errors each. */
export function errorTypes({ findings }: Dataset, judged: JudgedItems): CountedType[] {
  const counts = new Map<string, CountedType>();
  for (let i = 0; i < judged.wrong.length; i++) {
    if (judged.wrong[i] === 0) continue;
    const finding = findings[judged.finding[i]!]?.name ?? classFinding;
    const [label = '', predicted = ''] = [judged.label[i], judged.predicted[i]];
    const key = JSON.stringify([finding, label, predicted]);
    counts.set(key, { finding, label, predicted, errors: (counts.get(key)?.errors ?? 0) + 1 });
  }
  return [...counts.values()]
    .filter(({ errors }) => errors >= fewestOfType)
    .sort((a, b) => b.errors - a.errors)
    .slice(0, mostTypes);
}

/** The filter that selects the errors of a kind. */
export function whereOf({ finding, label, predicted }: ErrorType): string {
  const is = (column: string, value: string): string => `${column} = ${quoteLiteral(value)}`;
  if (finding === classFinding) return `wrong AND ${is('value', label)} AND ${is('predicted', predicted)}`;
  // What is unmentioned or uncertain may count as a label, so what the model says tells it.
  return `wrong AND ${is('finding', finding)} AND ${is('predicted', predicted)}`;
}

/** Whether an item can go wrong in this way: it has the label. */
export function canBe(
  { findings }: Dataset,
  judged: JudgedItems,
  { finding, label }: ErrorType,
  i: number,
): boolean {
  return judged.label[i] === label && (findings[judged.finding[i]!]?.name ?? classFinding) === finding;
}
