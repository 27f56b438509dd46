/**
 * `run.json` of contracts 1 and 2 and `metrics.json`, as schemas. What a version has added since is optional here, and
 * what a later one adds is let through.
 */
import { Type, type TProperties } from '@sinclair/typebox';

const count = Type.Integer({ minimum: 0 });
const seconds = Type.Number({ minimum: 0 });
const text = Type.String();
const name = Type.String({ minLength: 1, maxLength: 1000 });
/** The name of weights finds a file in the cache: it must not be the path of another. */
const plainName = Type.String({ minLength: 1, maxLength: 1000, pattern: '^[^/\\\\]+$' });
const sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });
const task = Type.Unsafe<'multi-class' | 'multi-label'>({
  type: 'string',
  enum: ['multi-class', 'multi-label'],
});
const outputs = Type.Array(name, { minItems: 1, uniqueItems: true });
const channelValues = Type.Array(Type.Number(), { minItems: 1, maxItems: 3 });

/** How images become a network's input. */
export const preprocessingSchema = Type.Object({
  size: Type.Integer({ minimum: 1, maximum: 4096 }),
  cropPct: Type.Number({ exclusiveMinimum: 0, maximum: 1 }),
  interpolation: Type.Unsafe<'bicubic' | 'bilinear'>({ type: 'string', enum: ['bicubic', 'bilinear'] }),
  channels: Type.Unsafe<1 | 3>({ type: 'integer', enum: [1, 3] }),
  mean: channelValues,
  std: channelValues,
  crop: Type.Unsafe<'timm' | 'whole'>({ type: 'string', enum: ['timm', 'whole'] }),
  dicom: Type.Optional(Type.Unsafe<'full-range'>({ type: 'string', enum: ['full-range'] })),
});

const textOrNull = Type.Union([text, Type.Null()]);

/** A fault as it is told. */
export const errorReportSchema = Type.Object({
  code: text,
  message: text,
  place: Type.Optional(
    Type.Object({
      file: Type.Optional(text),
      line: Type.Optional(count),
      column: Type.Optional(count),
      row: Type.Optional(count),
      field: Type.Optional(text),
    }),
  ),
  expected: Type.Optional(text),
  fix: Type.Optional(text),
});

/** A fault with its severity. */
export const problemSchema = Type.Intersect([
  errorReportSchema,
  Type.Object({
    severity: Type.Unsafe<'error' | 'warning' | 'info'>({
      type: 'string',
      enum: ['error', 'warning', 'info'],
    }),
  }),
]);

/** Who made it, and the same of every file that a job leaves. */
export const originSchema = {
  name: text,
  created: Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$' }),
  versions: Type.Record(Type.String(), text),
  data_fingerprint: text,
  labels_as_of: text,
  task,
  outputs,
  problems: Type.Array(problemSchema),
} satisfies TProperties;

const network = {
  architecture: plainName,
  weights: Type.Object({
    name: plainName,
    sha256,
    source: text,
    trained_on: textOrNull,
    truncate: Type.Optional(textOrNull),
    precision: Type.Optional(Type.Literal('fp16')),
    preprocessing: Type.Optional(preprocessingSchema),
  }),
  device: Type.Object({ name: text, reason: text }),
} satisfies TProperties;

const madeOf = {
  config: Type.Unknown(),
  thresholds: Type.Array(Type.Number()),
  counts: Type.Object({
    samples: count,
    train: count,
    validation: count,
    test: count,
    patients: count,
    skipped: count,
    masked: count,
    disputed: count,
    excluded: count,
    edited: count,
    errors: count,
  }),
  timings: Type.Object({
    features_s: seconds,
    cached: count,
    train_s: seconds,
    total_s: seconds,
    intervals_s: Type.Union([seconds, Type.Null()]),
  }),
  test_looks: count,
} satisfies TProperties;

/** Contract 1: the last layer was the only trainer. */
export const runSchema1 = Type.Object({
  contract: Type.Literal(1),
  run: name,
  ...originSchema,
  ...network,
  C: Type.Array(Type.Number({ exclusiveMinimum: 0 })),
  ...madeOf,
});

/** true, or why not. */
const ability = Type.Union([Type.Literal(true), Type.String({ minLength: 1, maxLength: 1000 })]);
const seen = Type.Object({ predicted: count, seen: count });

/** Contract 2. */
export const runSchema = Type.Object({
  contract: Type.Literal(2),
  run: name,
  ...originSchema,
  trainer: Type.Object({
    name: Type.String({ pattern: '^[a-z][a-z0-9-]*$', maxLength: 100 }),
    settings: Type.Record(Type.String(), Type.Unknown()),
  }),
  network: Type.Union([Type.Object(network), Type.Null()]),
  can: Type.Object({ explain: ability, export: ability, compare: ability, refit: ability }),
  // A name leads to a file beside run.json and nowhere else.
  files: Type.Array(Type.String({ pattern: '^[A-Za-z0-9_][A-Za-z0-9_.-]*$', maxLength: 200 }), {
    uniqueItems: true,
    maxItems: 1000,
  }),
  seen: Type.Object({ train: seen, validation: seen, test: seen }),
  ...madeOf,
});

/** A figure; null where it is not defined. */
export const estimateSchema = Type.Object({
  value: Type.Union([Type.Number(), Type.Null()]),
  low: Type.Union([Type.Number(), Type.Null()]),
  high: Type.Union([Type.Number(), Type.Null()]),
});

const estimates = {
  f1: estimateSchema,
  log_loss: estimateSchema,
  brier: estimateSchema,
};

const partSchema = Type.Object({
  samples: count,
  patients: count,
  accuracy: estimateSchema,
  balanced_accuracy: estimateSchema,
  auroc_macro: estimateSchema,
  auprc_macro: estimateSchema,
  f1_macro: estimateSchema,
  log_loss: estimateSchema,
  brier: estimateSchema,
  ece: estimateSchema,
  macro_over: Type.Array(name),
  outputs: Type.Array(
    Type.Object({
      name,
      positives: count,
      negatives: count,
      positivePatients: count,
      negativePatients: count,
      auroc: estimateSchema,
      auprc: estimateSchema,
      sensitivity: estimateSchema,
      specificity: estimateSchema,
      ...estimates,
      threshold: Type.Union([Type.Number(), Type.Null()]),
    }),
  ),
  confusion: Type.Object({
    labels: Type.Array(name),
    matrices: Type.Array(Type.Object({ output: text, counts: Type.Array(Type.Array(count)) })),
  }),
});

export const metricsSchema = Type.Object({
  out_of_fold: partSchema,
  validation: partSchema,
  test: partSchema,
  all: Type.Optional(partSchema),
  intervals_s: Type.Union([seconds, Type.Null()]),
});
