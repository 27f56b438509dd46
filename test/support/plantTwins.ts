/** Copies among the images of a project, for the check to find. */
import { copyFileSync, readFileSync } from 'node:fs';
import * as path from 'node:path';

/** Two images that became one. */
export type Pair = readonly [string, string];

export interface Twins {
  /** With different labels. */
  readonly opposed: Pair;
  readonly twice: Pair;
  readonly again: Pair;
}

/** Makes images copies of others: of other patients, the first pair with different labels. */
export function plantTwins(project: string): Twins {
  const [head = '', ...rows] = readFileSync(path.join(project, 'samples.csv'), 'utf8').trim().split('\n');
  const names = head.split(',');
  const samples = rows.map((row) => {
    const cells = row.split(',');
    const [sample = '', label, patient] = ['path', 'label', 'patient_id'].map(
      (name) => cells[names.indexOf(name)],
    );
    return { sample, label, patient };
  });
  const free = new Set(samples);
  const take = (isOne: (one: (typeof samples)[number]) => boolean): (typeof samples)[number] => {
    const found = [...free].find(isOne)!;
    for (const one of free) if (one.patient === found.patient) free.delete(one);
    return found;
  };
  const pair = (isSameLabel: boolean): Pair => {
    const first = take(() => true);
    const second = take(({ label }) => (label === first.label) === isSameLabel);
    copyFileSync(path.join(project, first.sample), path.join(project, second.sample));
    return [first.sample, second.sample];
  };
  return { opposed: pair(false), twice: pair(true), again: pair(true) };
}
