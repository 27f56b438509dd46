/** The kinds of findings, one row each: in what order they are worked off, and what settles one of them. */
import type { CheckKind } from './model';

/** When a finding about some samples still holds, by the labels, parts and patients that stand; none excluded ones count. */
export type HoldsWhile = 'labels differ' | 'parts differ' | 'patients differ' | 'one is left';

export interface KindRow {
  /** As a tile says it. */
  readonly title: string;
  readonly while: HoldsWhile;
  /** Its samples are one image: they may be kept together, as one patient. */
  readonly oneImage: boolean;
}

const row = (title: string, holds: HoldsWhile = 'one is left', oneImage = false): KindRow => ({
  title,
  while: holds,
  oneImage,
});

/** In the order of the queue: first what makes a figure or a label wrong for certain. */
export const checkKinds: Readonly<Record<CheckKind, KindRow>> = {
  contradiction: row('Contradiction', 'labels differ', true),
  leak: row('Leak', 'parts differ', true),
  'exact-duplicate': row('Duplicate', 'patients differ', true),
  'near-duplicate': row('Near duplicate', 'patients differ', true),
  'image-missing': row('Missing image'),
  'image-ambiguous': row('Ambiguous image'),
  'image-unreadable': row('Unreadable image'),
  blank: row('Blank'),
  inverted: row('Inverted'),
  cropped: row('Cropped'),
  tiny: row('Tiny'),
  'low-contrast': row('Low contrast'),
  'off-topic': row('Off topic'),
  outlier: row('Outlier'),
  metadata: row('Impossible value'),
  patients: row('Patients'),
  labels: row('Labels'),
  'class-absent': row('Absent class'),
  split: row('Split'),
  table: row('Table'),
  column: row('Column'),
  settings: row('Settings'),
  backbone: row('Backbone'),
  format: row('Format'),
  other: row('Finding'),
};

const order = new Map(Object.keys(checkKinds).map((kind, place) => [kind, place]));

/** The place of a kind in the queue. */
export const kindOrder = (kind: CheckKind): number => order.get(kind) ?? order.size;

/** A kind by its name; `other` for one that a later version has written. */
export const kindNamed = (name: string): CheckKind => (order.has(name) ? (name as CheckKind) : 'other');
