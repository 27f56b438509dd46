/**
 * The schema of overread.yaml: the one source of the parser, its diagnostics, schemas/overread.schema.json and
 * docs/configuration.md. Every property says what it is, its unit and range, and its default.
 */
import { Type, type Static, type TSchema } from '@sinclair/typebox';
import { deepSettings } from './deepSettings';
import { operatingPoints, prevalence } from './operatingSettings';
import { checkSettings } from './checkSettings';
import { reviewSettings } from './reviewSettings';
import { sweepSettings } from './sweepSettings';

const closed = { additionalProperties: false } as const;
const orNull = <T extends TSchema>(schema: T, options: { description: string }) =>
  Type.Union([schema, Type.Null()], { ...options, default: null });
const oneOf = <const T extends string>(
  values: readonly T[],
  options: { description: string; default?: NoInfer<T> },
) => Type.Unsafe<T>({ type: 'string', enum: [...values], ...options });
const text = Type.String({ minLength: 1 });

/** A column, or the part of a column's text that a pattern finds. */
const columnReference = Type.Union([
  text,
  Type.Object(
    {
      column: Type.String({ minLength: 1, description: 'The column.' }),
      pattern: Type.String({
        minLength: 1,
        format: 'regex',
        description:
          'A regular expression without lookaround and references back; its first group (or all that it matches) is ' +
          'taken from the text of the column. ' +
          'CheXpert: column Path, pattern patient(\\d+).',
      }),
    },
    closed,
  ),
]);

const meaning = (description: string) =>
  oneOf(['positive', 'negative', 'masked'] as const, {
    description: `${description} One of positive, negative, masked (left out of training and metrics).`,
  });

const valueMap = (description: string) =>
  Type.Record(Type.String(), Type.Union([Type.String(), Type.Integer(), Type.Null()]), { description });

/** What `labels.rows` may be. */
export const rowsRules = ['one', 'findings', 'readings'] as const;

/** What `dataset.modality` may be. */
export const modalities = [
  'x-ray',
  'mammography',
  'ct',
  'mri',
  'ultrasound',
  'endoscopy',
  'fundus',
  'oct',
  'dermoscopy',
  'histopathology',
  'photograph',
] as const;

/** What `dataset.anatomy` may be. */
export const anatomies = [
  'lungs',
  'breast',
  'brain',
  'eye',
  'skin',
  'tooth',
  'bone',
  'heart',
  'abdomen',
] as const;

const joinSettings = Type.Object(
  {
    table: Type.String({ minLength: 1, description: 'The table, as dataset.table is given.' }),
    sheet: Type.Optional(Type.String({ minLength: 1, description: 'The sheet of an .xlsx.' })),
    key: Type.Union(
      [
        text,
        Type.Array(text, { minItems: 1, maxItems: 8 }),
        Type.Record(Type.String(), text, { minProperties: 1 }),
      ],
      {
        description:
          'What holds the same in both: a column, a list of columns, or {column: column there}. It has one row in the joined table.',
      },
    ),
  },
  closed,
);

const dataset = Type.Object(
  {
    table: Type.String({
      minLength: 1,
      default: 'samples.csv',
      description:
        'The table with one row per image: .csv, .tsv, .txt (all also as .gz), .parquet or .xlsx. Relative to this file. It is never rewritten.',
    }),
    sheet: orNull(text, { description: 'The sheet of an .xlsx. null: the first that holds rows.' }),
    join: Type.Array(joinSettings, {
      default: [],
      maxItems: 20,
      description:
        'Further tables whose columns are added to the rows of the table by a key: labels, parts, patients or metadata that stand apart. Their columns are named like its own; one that both have and that says something else is called by its file, for instance meta.age.',
    }),
    images: Type.String({
      minLength: 1,
      default: '.',
      description: 'The folder that the paths of the table are relative to. Relative to this file.',
    }),
    roots: Type.Array(text, {
      default: [],
      description:
        'Further folders that images may lie in, for absolute paths and for links that lead out of the image folder. An image outside all of them is refused.',
    }),
    path: Type.String({
      minLength: 1,
      default: 'path',
      description:
        'The column with the image path, or a template of columns. Example: train_images/{patient_id}/{image_id}.png.',
    }),
    prefix: Type.String({
      default: '',
      description:
        'What is dropped from the beginning of every path: the folders of another machine, or the address of a server. Empty: nothing.',
    }),
    search: Type.Boolean({
      default: false,
      description:
        'Looks for an image that is not at its path below dataset.images: a file whose path ends as the one in the table does (without dataset.prefix), whatever folders stand before it, in any letter case and with any ending of an image. Two files that fit are an error.',
    }),
    extension: Type.String({
      default: '',
      description:
        'Added to every path, for tables that name images without it. Example: .png. Empty: nothing.',
    }),
    id: orNull(text, { description: 'The column that identifies a sample. null: its path does.' }),
    group: orNull(columnReference, {
      description:
        'The patient: a column, or {column, pattern} to take a part of its text. Patients are never divided between parts and folds. null: every image is its own patient, and a warning says so.',
    }),
    study: orNull(columnReference, {
      description: 'The study (one examination with several images), given like group. null: none.',
    }),
    pseudonym_key: orNull(Type.String({ pattern: '^[0-9a-f]{16}$' }), {
      description:
        'Which key named the patients and studies of DICOM files: its fingerprint, as overread pseudonyms shows it. The key itself is in no project.',
    }),
    modality: orNull(oneOf(modalities, { description: 'A modality.' }), {
      description: `How the images were taken: ${modalities.join(', ')}. Drives the suggested architecture; nothing else.`,
    }),
    anatomy: orNull(oneOf(anatomies, { description: 'A region.' }), {
      description: `What they show: ${anatomies.join(', ')}. Drives the suggested architecture; nothing else.`,
    }),
  },
  { ...closed, default: {}, description: 'The table and where its images are.' },
);

const findingSettings = Type.Object(
  {
    name: Type.String({ minLength: 1, description: 'The name that Overread shows.' }),
    column: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          'Its column; default: the column of that name. With labels.column: the text in the list.',
      }),
    ),
    uncertain: Type.Optional(meaning('Overrides labels.uncertain.')),
    unmentioned: Type.Optional(meaning('Overrides labels.unmentioned.')),
    values: Type.Optional(valueMap('Overrides labels.values.')),
  },
  closed,
);

const labels = Type.Object(
  {
    task: oneOf(['multi-class', 'multi-label'] as const, {
      default: 'multi-class',
      description:
        'multi-class: exactly one class per image. multi-label: several findings per image, each 1, 0, uncertain or unmentioned.',
    }),
    column: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          'multi-class: the column with the class; default label. multi-label: one column that lists the findings present (NIH ChestX-ray14); absent: one column per finding.',
      }),
    ),
    separator: Type.String({
      minLength: 1,
      default: '|',
      description: 'multi-label with labels.column: what stands between the findings of the list.',
    }),
    none: Type.String({
      default: 'No Finding',
      description: 'multi-label with labels.column: the entry that stands for "none of them".',
    }),
    classes: Type.Optional(
      Type.Array(text, {
        minItems: 1,
        uniqueItems: true,
        description: "multi-class: the classes, in the order of the model's outputs.",
      }),
    ),
    one_hot: Type.Boolean({
      default: false,
      description:
        'multi-class: a column for each class, named as it is in classes, and 1 in exactly one of them (ISIC); labels.column is not used then.',
    }),
    findings: Type.Optional(
      Type.Array(Type.Union([text, findingSettings]), {
        minItems: 1,
        uniqueItems: true,
        description:
          "multi-label: the findings, in the order of the model's outputs; each a name, or {name, column, uncertain, unmentioned, values}.",
      }),
    ),
    uncertain: oneOf(['positive', 'negative', 'masked'] as const, {
      default: 'masked',
      description:
        'multi-label: how an uncertain finding (-1 in CheXpert) is treated. One of positive, negative, masked (left out of training and metrics).',
    }),
    unmentioned: oneOf(['positive', 'negative', 'masked'] as const, {
      default: 'negative',
      description:
        'multi-label: how an empty cell is treated. Reports name what is present, so the default is negative: masking blanks would leave almost no negatives.',
    }),
    values: Type.Optional(
      valueMap(
        'Text in the table → value, and in label events for what is listed no more: a class (multi-class), or 1, 0, uncertain (multi-label); null for unlabelled or unmentioned. multi-class: the text * stands for every other one.',
      ),
    ),
    rows: oneOf(rowsRules, {
      default: 'one',
      description:
        'What several rows of one image mean. one: each image has one row; more that say the same are left out, and images whose rows contradict each other count as unlabelled (multi-label: uncertain). findings: each row is one finding, mask or box of the image; the image has all that its rows name. readings: the rows of each reader (labels.reader) are what that reader says of the image, resolved together with the events under labels/.',
    }),
    reader: orNull(text, {
      description:
        'rows: readings needs it: the column with the name or number of who read the image. An event under labels/ by an annotator of the same name takes the place of that reading.',
    }),
    unit: oneOf(['image', 'study'] as const, {
      default: 'image',
      description: 'What a label belongs to. study needs dataset.study: edits and metrics then apply to it.',
    }),
    disputed: Type.Optional(
      oneOf(['exclude', 'majority', 'given'] as const, {
        description:
          "When readers disagree: exclude the item from training and metrics, take what more readers say than anything else (without one it is excluded), or take the table's own label. Default: exclude; with rows: readings, majority.",
      }),
    ),
  },
  { ...closed, default: {}, description: 'The labels that the table gives, and what they mean.' },
);

const share = (name: string, value: number) =>
  Type.Number({
    minimum: 0,
    maximum: 1,
    default: value,
    description: `Share of the ${name} part, 0 to 1; the three shares add up to 1. Without effect once the split is frozen.`,
  });

const partColumn = (part: string) =>
  Type.Optional(
    Type.String({ minLength: 1, description: `The column with 1 where a row is in the ${part} part.` }),
  );
const partColumns = Type.Object(
  { train: partColumn('training'), validation: partColumn('validation'), test: partColumn('test') },
  { ...closed, minProperties: 1 },
);

const split = Type.Object(
  {
    column: orNull(Type.Union([text, partColumns]), {
      description:
        'A column with an existing split (train, validation, test), which is respected; or {train, validation, test} with a column of 1 and 0 for each part. null: Overread splits by patient, stratified on the labels, and freezes the result in splits/.',
    }),
    values: Type.Optional(
      Type.Record(
        Type.String(),
        Type.Union([
          oneOf(['train', 'validation', 'test'] as const, { description: 'A part.' }),
          Type.Null(),
        ]),
        {
          description:
            'Text in split.column → train, validation or test, for columns that say it otherwise: {0: train, 1: test} of a column is_test. null: the row follows its patient.',
        },
      ),
    ),
    train: share('training', 0.7),
    validation: share('validation', 0.15),
    test: share('test', 0.15),
    seed: Type.Integer({
      minimum: 0,
      maximum: 4294967295,
      default: 0,
      description: 'Seed of the split and of the folds, 0 to 4294967295.',
    }),
    folds: Type.Integer({
      minimum: 2,
      maximum: 20,
      default: 5,
      description: 'Number of cross-validation folds of the training part, 2 to 20, by patient.',
    }),
  },
  { ...closed, default: {}, description: 'Training, validation and test part, and the folds.' },
);

const modelInput = Type.Object(
  {
    channels: Type.Optional(
      Type.Union([Type.Literal(1), Type.Literal(3)], {
        description:
          'Channels that the network takes: 1 (grey) or 3 (RGB). Default: what the file says, else 3.',
      }),
    ),
    size: Type.Optional(
      Type.Integer({
        minimum: 16,
        maximum: 4096,
        description: 'Side of the square input in pixels. Default: what the file says.',
      }),
    ),
    range: Type.Optional(
      Type.Tuple([Type.Number(), Type.Number()], {
        description:
          'What black and white become, [low, high]: [-1024, 1024] for TorchXRayVision, [0, 255] for raw levels. Not together with mean and std.',
      }),
    ),
    mean: Type.Optional(
      Type.Array(Type.Number(), {
        minItems: 1,
        maxItems: 3,
        description: 'Mean per channel on values in [0, 1]. Default: 0.',
      }),
    ),
    std: Type.Optional(
      Type.Array(Type.Number({ exclusiveMinimum: 0 }), {
        minItems: 1,
        maxItems: 3,
        description: 'Standard deviation per channel on values in [0, 1]. Default: 1.',
      }),
    ),
    crop_pct: Type.Number({
      exclusiveMinimum: 0,
      maximum: 1,
      default: 1,
      description:
        "timm's crop_pct: the image is resized so that its shorter side is size / crop_pct, and the centre is taken.",
    }),
    interpolation: oneOf(['bicubic', 'bilinear'] as const, {
      default: 'bilinear',
      description: 'The kernel of the resize.',
    }),
  },
  {
    ...closed,
    description: 'How an image becomes the input of an ONNX classifier given as model.weights.',
  },
);

const model = Type.Object(
  {
    architecture: Type.String({
      minLength: 1,
      default: 'densenet121',
      description: "The network, by timm's name. Examples: densenet121, tf_efficientnet_lite0.",
    }),
    weights: Type.String({
      minLength: 1,
      default: 'auto',
      description:
        'auto, a tag (in1k), architecture.tag, a file (.safetensors, .pth, or .onnx of a whole classifier; relative to this file), or random:SEED.',
    }),
    device: oneOf(['auto', 'cpu', 'cuda', 'webgpu', 'dml', 'coreml'] as const, {
      default: 'auto',
      description:
        'Where the network runs. auto: the one that was measured to be the fastest here (docs/gpu.md), else the first that opens of cuda, dml, webgpu and cpu.',
    }),
    precision: oneOf(['fp32', 'fp16'] as const, {
      default: 'fp32',
      description:
        'In which precision the network computes features. fp16: half, for graphics cards that are faster in it; features differ by about a thousandth, and are kept apart from those in single precision. The last layer is fitted in single precision either way.',
    }),
    crop: oneOf(['timm', 'whole'] as const, {
      default: 'timm',
      description:
        "timm: the weights' own resize and centre crop. whole: the whole image, for chest images whose apices and costophrenic angles the crop would cut.",
    }),
    dicom: oneOf(['window', 'full-range'] as const, {
      default: 'window',
      description:
        "How the grey of a DICOM file becomes the network's 8 bits. window: as the file's first window shows it, or its VOI table; its own percentiles where it has none. full-range: from the lowest to the highest value that its stored bits can hold. Colour and other formats are not concerned.",
    }),
    truncate: orNull(text, {
      description:
        'A block after which the network is cut, for instance denseblock3; the features are the global average pool there. "overread models show NAME" lists the blocks. null: the whole network.',
    }),
    input: Type.Optional(modelInput),
    trained_on: Type.Optional(
      Type.Array(text, {
        description:
          "What the weights of a file were trained on, by the names of the data sets, for instance [NIH ChestX-ray14]. Training images among the project's own make its predictions there no longer out of sample, which is a warning. []: on nothing that matters here.",
      }),
    ),
  },
  { ...closed, default: {}, description: 'The network whose last layer is trained.' },
);

const strength = Type.Number({ exclusiveMinimum: 0 });
const training = Type.Object(
  {
    C: Type.Union([Type.Literal('auto'), strength, Type.Array(strength, { minItems: 1, maxItems: 20 })], {
      default: 'auto',
      description:
        'Inverse strength of the L2 penalty as scikit-learn defines it, above 0: one number, several to choose from by out-of-fold log loss, or auto.',
    }),
    class_weights: Type.Boolean({
      default: false,
      description:
        'Weigh classes inversely to their frequency; probabilities are corrected for the prior again.',
    }),
    layers: Type.Union(
      [
        Type.Literal('last'),
        Type.Literal('last-block'),
        Type.Literal('last-two-blocks'),
        Type.Literal('all'),
        Type.Array(text, { minItems: 1, maxItems: 50, uniqueItems: true }),
      ],
      {
        default: 'last',
        description:
          'What learns: last (the last layer, which needs no Python), last-block, last-two-blocks, all, or a list of blocks ("overread models show NAME" lists them); the last layer always does. Everything but last is trained by PyTorch. Below 1,000 images the last layer alone is usually best.',
      },
    ),
    compute: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$',
        description:
          'The name of the compute target that PyTorch trains on: local, or one of compute.json in your own configuration folder. What a target runs is never read from a project.',
      }),
    ),
    deep: deepSettings,
    seed: Type.Integer({
      minimum: 0,
      maximum: 4294967295,
      default: 0,
      description: 'Seed of everything random in training and intervals, 0 to 4294967295.',
    }),
  },
  { ...closed, default: {}, description: 'The fit of the last layer, or of more.' },
);

const isMultiLabel = {
  type: 'object',
  properties: {
    labels: { type: 'object', properties: { task: { const: 'multi-label' } }, required: ['task'] },
  },
  required: ['labels'],
};
const needs = (key: string) => ({
  type: 'object',
  required: ['labels'],
  properties: { labels: { type: 'object', required: [key] } },
});

/** The schema, JSON Schema draft 7. */
export const configSchema = Type.Object(
  {
    version: Type.Literal(1, { description: 'The version of this format: 1.' }),
    name: Type.String({
      default: '',
      description: 'What the project is called. Empty: the name of its folder.',
    }),
    dataset,
    labels,
    split,
    model,
    training,
    sweep: sweepSettings,
    review: reviewSettings,
    check: checkSettings,
    operating_points: operatingPoints,
    prevalence,
  },
  {
    ...closed,
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Overread project (overread.yaml)',
    description: 'A dataset of medical images, its labels, and the model whose last layer is trained on it.',
    if: isMultiLabel,
    then: needs('findings'),
    else: needs('classes'),
  },
);

/** overread.yaml as it was written and checked, with every default filled in. */
export type ConfigFields = Static<typeof configSchema>;

/** What the schema says by `if`, for a check that knows TypeBox's types alone. */
export function hasOutputs({ labels }: ConfigFields): boolean {
  return (labels.task === 'multi-label' ? labels.findings : labels.classes) !== undefined;
}
