/** `compare.json` of contract 1 as a schema; what a later version adds is let through. */
import { Type } from '@sinclair/typebox';
import { JsonFault, jsonReader } from '../base/checkedJson';
import { errorReportSchema, estimateSchema, originSchema, preprocessingSchema } from '../runs/runSchema';
import type { Comparison } from '../evaluation/comparison';

const count = Type.Integer({ minimum: 0 });
const seconds = Type.Number({ minimum: 0 });
const text = Type.String();
const textOrNull = Type.Union([text, Type.Null()]);
const numberOrNull = Type.Union([seconds, Type.Null()]);

const partCounts = Type.Object({
  samples: count,
  patients: count,
  macro_over: Type.Array(text),
  rare: Type.Array(Type.Object({ name: text, positivePatients: count, negativePatients: count })),
});

const partFigures = Type.Object({
  auroc_macro: estimateSchema,
  accuracy: estimateSchema,
  log_loss: estimateSchema,
  difference: estimateSchema,
  outputs: Type.Array(Type.Object({ name: text, auroc: estimateSchema })),
});

const model = Type.Object({
  label: text,
  run: Type.Optional(text),
  architecture: textOrNull,
  weights: Type.Union([
    Type.Object({
      name: text,
      sha256: text,
      source: text,
      trained_on: textOrNull,
      preprocessing: Type.Optional(preprocessingSchema),
    }),
    Type.Null(),
  ]),
  random: Type.Boolean(),
  truncate: textOrNull,
  parameters: numberOrNull,
  gmacs: numberOrNull,
  feature_size: Type.Union([count, Type.Null()]),
  C: Type.Array(Type.Number({ exclusiveMinimum: 0 })),
  device: textOrNull,
  timings: Type.Object({ features_s: seconds, cached: count, train_s: seconds }),
  out_of_fold: partFigures,
  validation: partFigures,
  notes: Type.Array(text),
});

const comparisonSchema = Type.Object({
  contract: Type.Literal(1),
  comparison: text,
  ...originSchema,
  kind: Type.Unsafe<Comparison['kind']>({ type: 'string', enum: ['architectures', 'truncations', 'runs'] }),
  project: text,
  folds: count,
  skipped: count,
  parts: Type.Object({ out_of_fold: partCounts, validation: partCounts }),
  best: Type.Union([count, Type.Null()]),
  models: Type.Array(model, { minItems: 1 }),
  failed: Type.Array(
    Type.Object({ label: text, architecture: text, truncate: textOrNull, error: errorReportSchema }),
  ),
  total_s: seconds,
});

const readContract = jsonReader(Type.Object({ contract: Type.Number() }));
const readContract1 = jsonReader(comparisonSchema);

/** The text of `compare.json`. @throws JsonFault */
export function parseComparison(json: string): Comparison {
  const { contract } = readContract(json);
  if (contract !== 1) throw new JsonFault(`it has contract ${contract}, not 1; update Overread`, 'contract');
  const comparison = readContract1(json);
  if (comparison.best !== null && comparison.best >= comparison.models.length) {
    throw new JsonFault('best must be the number of a network', 'best');
  }
  return comparison;
}
