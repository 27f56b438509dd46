/** The chest X-rays as bench/suspects.ts needs them: features, labels, and what a second reader said of some. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { classFinding, type Dataset } from '../src/core/dataset/model';
import { stratify } from '../src/core/split/stratify';
import type { FitProblem } from '../src/core/training/fitHead';
import { lite0Features } from './sklearnXrays';

const folder = path.resolve('../shared/data/cxr');
export const classes = ['Covid-19', 'No_findings', 'Pneumonia'];
const folds = 5;

export interface Film {
  readonly path: string;
  readonly label: number;
  readonly patient: string;
  readonly view: string;
  /** The class that the second reader saw; null where there is none, or "Not Normal", which is neither. */
  readonly read: number | null;
}

export interface Films {
  readonly films: readonly Film[];
  readonly features: Float32Array;
  readonly dim: number;
  readonly present: Uint8Array;
}

/** undefined where the X-rays are not here. */
export async function readFilms(): Promise<Films | undefined> {
  const table = path.join(folder, 'samples.csv');
  if (!fs.existsSync(table)) return undefined;
  const [header = '', ...lines] = fs.readFileSync(table, 'utf8').trim().split(/\r?\n/);
  const columns = header.split(',');
  const films = lines.map((line): Film => {
    const cells = line.split(',');
    const cell = (name: string): string => cells[columns.indexOf(name)] ?? '';
    const read = { Normal: 1, 'Lung Opacity': 2 }[cell('second_read')] ?? null;
    return {
      path: cell('path'),
      label: classes.indexOf(cell('label')),
      patient: cell('patient_id'),
      view: cell('view'),
      read: cell('label') === 'Covid-19' ? null : read,
    };
  });
  const { features, dim, present } = await lite0Features(films.map((film) => film.path));
  return { films, features, dim, present };
}

/** Folds by patient, stratified by label. */
export function drawFolds(films: readonly Film[], labels: readonly number[], seed: number): Int32Array {
  const groups = new Map<string, { name: string; size: number; labels: Map<number, number> }>();
  films.forEach(({ patient }, i) => {
    const group = groups.get(patient) ?? { name: patient, size: 0, labels: new Map<number, number>() };
    const label = labels[i] ?? 0;
    group.size++;
    group.labels.set(label, (group.labels.get(label) ?? 0) + 1);
    groups.set(patient, group);
  });
  const list = [...groups.values()];
  const part = stratify(list, new Array<number>(folds).fill(1 / folds), seed);
  const partOf = new Map(list.map(({ name }, g) => [name, part[g] ?? 0]));
  return Int32Array.from(films, ({ patient }) => partOf.get(patient) ?? 0);
}

/** The fit of the last layer on these labels; -1 leaves a film out. */
export function problemOf(
  { films, features, dim, present }: Films,
  labels: readonly number[],
  fold: Int32Array,
): FitProblem {
  return {
    features,
    dim,
    present,
    targets: { task: 'multi-class', outputs: classes, y: Int32Array.from(labels) },
    fold,
    folds,
    groups: films.map(({ patient }) => patient),
    settings: { C: [0.003], classWeights: false, device: 'cpu', seed: 1 },
  };
}

/** The films as a data set with these labels. */
export function datasetOf({ films }: Films, labels: readonly number[]): Dataset {
  return {
    task: 'multi-class',
    findings: [{ name: classFinding, values: classes, unmentioned: 'masked', uncertain: 'masked' }],
    samples: films.map((film, i) => ({
      id: film.path,
      path: film.path,
      row: i + 2,
      given: [classes[labels[i] ?? -1] ?? null],
      group: film.patient,
      study: null,
      metadata: { view: film.view },
      givenSplit: null,
    })),
    metadataColumns: ['view'],
  };
}
