/** The two JSON files of a run as data that can be trusted to be what they should. */
import { Type } from '@sinclair/typebox';
import { JsonFault, jsonReader, type ReadJson } from '../base/checkedJson';
import { parseMoment } from '../labels/asOf';
import type { MetricsFile } from '../evaluation/model';
import type { RunRecord } from './model';
import { metricsSchema, runSchema } from './runSchema';

const readContract = jsonReader(Type.Object({ contract: Type.Number() }));
const readContract1 = jsonReader(runSchema);

/** The text of `metrics.json`. @throws JsonFault */
export const parseMetrics: ReadJson<MetricsFile> = jsonReader(metricsSchema);

/** The text of `run.json`. @throws JsonFault it breaks the schema, or its members do not fit together */
export function parseRunRecord(text: string): RunRecord {
  const { contract } = readContract(text);
  // The file's own word decides: a later contract may come from a newer version.
  if (contract !== 1) throw new JsonFault(`it has contract ${contract}, not 1; update Overread`, 'contract');
  const record = readContract1(text);
  const { outputs, thresholds, task, labels_as_of: asOf } = record;
  const expected = task === 'multi-label' ? outputs.length : 0;
  if (thresholds.length !== expected) {
    throw new JsonFault(`thresholds must have ${expected} numbers, one for each finding`, 'thresholds');
  }
  try {
    parseMoment(asOf);
  } catch {
    throw new JsonFault('labels_as_of must be a time or the id of a label event', 'labels_as_of');
  }
  return record;
}
