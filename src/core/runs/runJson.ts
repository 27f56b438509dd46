/** The two JSON files of a run as data that can be trusted to be what they should. */
import { Type, type Static } from '@sinclair/typebox';
import { JsonFault, jsonReader, type CheckedReader } from '../base/checkedJson';
import type { Pieces } from '../base/pieces';
import { parseMoment } from '../labels/asOf';
import type { MetricsFile } from '../evaluation/model';
import { trainerNames } from '../trainers/names';
import { headFile } from '../training/head';
import type { RunRecord } from './model';
import { metricsSchema, runSchema, runSchema1 } from './runSchema';

const readContract = jsonReader(Type.Object({ contract: Type.Number() }));
const readContract1 = jsonReader(runSchema1);
const readContract2 = jsonReader(runSchema);

/** The text of `metrics.json`. @throws JsonFault */
export const parseMetrics: CheckedReader<MetricsFile> = jsonReader(metricsSchema);

/** Has what runs are read by ready, in pieces: it would take its moment when the first is read. */
export function* preparingRunReaders(): Pieces<void> {
  for (const reader of [readContract, readContract2, parseMetrics]) {
    reader.prepare();
    yield;
  }
}

/**
 * The text of `run.json`, of whatever contract.
 * @throws JsonFault it breaks the schema, or its members do not fit together
 */
export function parseRunRecord(text: string): RunRecord {
  const record = readRecord(text);
  const { outputs, thresholds, task, labels_as_of: asOf, can, network, files } = record;
  const expected = task === 'multi-label' ? outputs.length : 0;
  if (thresholds.length !== expected) {
    throw new JsonFault(`thresholds must have ${expected} numbers, one for each finding`, 'thresholds');
  }
  try {
    parseMoment(asOf);
  } catch {
    throw new JsonFault('labels_as_of must be a time or the id of a label event', 'labels_as_of');
  }
  const needsModel = can.explain === true || can.export === true;
  if (needsModel && network === null) throw new JsonFault('network must be there for what it can do', 'can');
  if (needsModel && !files.includes(headFile))
    throw new JsonFault(`files must name ${headFile} for what it can do`, 'can');
  return record;
}

function readRecord(text: string): RunRecord {
  const { contract } = readContract(text);
  // The file's own word decides: a later contract may come from a newer version.
  if (contract === 1) return upgraded(readContract1(text));
  if (contract === 2) return readContract2(text);
  throw new JsonFault(`it has contract ${contract}, not 1 or 2; update Overread`, 'contract');
}

/** Contract 1 knew the last layer alone, whose predictions of the training part are out of fold. */
function upgraded(old: Static<typeof runSchema1>): RunRecord {
  const { contract: _, architecture, weights, device, C, ...same } = old;
  const part = (samples: number) => ({ predicted: samples, seen: 0 });
  const { train, validation, test } = same.counts;
  return {
    ...same,
    contract: 2,
    trainer: { name: trainerNames.lastLayer, settings: { C } },
    network: { architecture, weights, device },
    can: { explain: true, export: true, compare: true, refit: true },
    files: [headFile],
    seen: { train: part(train), validation: part(validation), test: part(test) },
  };
}
