/**
 * The trainer of those who have trained elsewhere: it brings the predictions of somebody's own model into a run, so
 * that its errors are reviewed, measured and compared as those of our own. It trains nothing.
 */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { OverreadError, throwIfCancelled } from '../../base/errors';
import { sha256File } from '../../base/files';
import type { Problem } from '../../base/report';
import { outputsOf, buildTargets } from '../../labels/targets';
import type { Project } from '../../project/project';
import { readTable, type TextTable } from '../../table/table';
import { chooseThreshold } from '../../training/thresholds';
import { trainerNames } from '../names';
import type { Trainer } from '../trainer';
import { findLayout } from './layout';
import { doubtLogits, refuseMostlyFaulty, toProbabilities } from './probabilities';
import { readValues } from './readValues';
import type { ImportRequest } from './request';
import { RowFaults } from './rowFaults';
import { matchSamples } from './sampleNames';
import { seenSamples } from './seenSamples';

const noModel = 'only its predictions were brought, not the model';

/**
 * Deterministic for the file and the project.
 * @throws OVR200, OVR202 the file cannot be read; OVR201, OVR805 it does not fit the project, or most of it cannot be used
 */
export const importer: Trainer<ImportRequest> = {
  name: trainerNames.imported,
  command: 'runs import',
  learns: false,
  async train(project, request, work) {
    const started = performance.now();
    work.onProgress?.({ stage: 'import', done: 0 });
    const { dataset, assignment } = project;
    const samples = dataset.samples.length;
    const outputs = outputsOf(dataset);
    const table = await readImport(request.file, shownName(project, request.file));
    throwIfCancelled(work.signal);
    const layout = findLayout(table, outputs);
    const used = new Set(layout.kind === 'wide' ? layout.columns : [layout.output, layout.value]);
    const names = matchSamples(table, dataset, request.id, used);
    const faults = new RowFaults(table.file);
    for (const { line, reason } of table.rejected) {
      faults.add(line, 'OVR806', `cannot be read: ${reason}`, 'Mend them in the file');
    }
    names.sampleOf.forEach((sample, row) => {
      const what = 'name no sample of this project';
      if (sample < 0)
        faults.add(table.lineOf(row), 'OVR400', what, 'Check the names, or say the column with --id');
    });
    const unknown = faults.count - table.rejected.length;
    const read = readValues(table, layout, outputs, samples, names.sampleOf, faults);
    const task = { exclusive: dataset.task === 'multi-class', outputs: outputs.length, file: table.file };
    const doubts = doubtLogits(read, request.values, task);
    toProbabilities(read, request.values, task, faults);
    const probabilities = read.values;
    const present = Uint8Array.from({ length: samples }, (_, i) =>
      Number.isNaN(probabilities[i * outputs.length]!) ? 0 : 1,
    );
    const usable = present.reduce((sum, flag) => sum + flag, 0);
    refuseMostlyFaulty(usable, faults, table.file);
    const seen = seenSamples(request.seen, assignment, table, read.rows);
    const outOfFold = Uint8Array.from(seen, (flag, i) =>
      request.seen.by === 'out-of-fold' && flag === 0 && present[i] === 1 && assignment.fold[i]! >= 0 ? 1 : 0,
    );
    const thresholds = thresholdsOf(project, probabilities, seen, request.threshold);
    return {
      predictions: { outputs, probabilities, outOfFold, thresholds, seen },
      outputs,
      explainable: noModel,
      exportable: noModel,
      comparable: present.some((flag, i) => flag === 1 && seen[i] === 0)
        ? true
        : 'its model was trained on every image that it has a prediction for',
      refittable: noModel,
      files: [],
      network: null,
      settings: {
        file: path.basename(request.file),
        sha256: await sha256File(request.file),
        rows: table.rowCount,
        values: request.values,
        layout: layout.kind,
        columns: [...used],
        id: { column: names.column, by: names.by },
        seen: request.seen,
        missing: samples - usable,
        unknown,
      },
      usualName: path.basename(request.file).replace(/\..*$/, ''),
      contentHashes: [],
      problems: [...faults.problems(), ...missingSamples(samples, usable, table), ...doubts],
      timings: { features_s: 0, cached: 0, train_s: Math.round(performance.now() - started) / 1000 },
    };
  },
};

/** The file as a message may name it: from the project on, so that a run tells nothing of the machine. */
function shownName({ root }: Project, file: string): string {
  const relative = path.relative(root, file);
  const isNear = !path.isAbsolute(relative) && !relative.startsWith('..');
  return isNear ? relative.replaceAll('\\', '/') : path.basename(file);
}

async function readImport(file: string, shown: string): Promise<TextTable> {
  const isThere = await fs.stat(file).then(
    () => true,
    () => false,
  );
  if (!isThere) {
    throw new OverreadError({
      code: 'OVR805',
      message: 'The file of the predictions is missing',
      place: { file: shown },
      fix: 'Check its path: it is relative to the folder that you are in',
    });
  }
  return readTable(file, shown);
}

function missingSamples(samples: number, usable: number, table: TextTable): readonly Problem[] {
  if (usable === samples) return [];
  return [
    {
      code: 'OVR806',
      severity: 'warning',
      message: `${samples - usable} of ${samples} samples have no prediction in the file: they count for no figure`,
      place: { file: table.file },
      fix: 'Nothing, where that is meant',
    },
  ];
}

/** multi-label: one for each finding, by the rule of our own runs where there are training labels that were not seen. */
function thresholdsOf(
  { dataset, assignment, labels }: Project,
  probabilities: Float64Array,
  seen: Uint8Array,
  wanted: number | undefined,
): number[] {
  if (dataset.task === 'multi-class') return [];
  const { outputs, y } = buildTargets(dataset, labels);
  const width = outputs.length;
  return outputs.map((_, o) => {
    if (wanted !== undefined) return wanted;
    const usable = Int32Array.from(seen, (flag, i) => {
      const counts =
        flag === 0 && assignment.split[i] === 'train' && !Number.isNaN(probabilities[i * width]!);
      return counts ? y[i * width + o]! : -1;
    });
    return chooseThreshold(
      Float64Array.from(seen, (_flag, i) => probabilities[i * width + o]!),
      usable,
    );
  });
}
