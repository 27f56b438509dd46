/** The settings: what the editor's page of settings shows, and the type that the code reads. */

/** The part of JSON schema that a setting uses. */
type SettingSchema =
  | { readonly type: 'string'; readonly default: string }
  | { readonly type: 'boolean'; readonly default: boolean }
  | {
      readonly type: 'integer';
      readonly default: number;
      readonly minimum: number;
      readonly maximum: number;
    }
  | {
      readonly type: 'array';
      readonly items: { readonly type: 'string'; readonly pattern: string };
      readonly uniqueItems: true;
      readonly default: readonly string[];
    };

export interface SettingRow {
  /** The name without `overread.`. */
  readonly name: string;
  readonly text: string;
  readonly schema: SettingSchema;
  /** Of a string: the values that it may have, and what each means. */
  readonly values?: Readonly<Record<string, string>>;
  /** `machine`: a workspace cannot set it. `machine-overridable`: not synchronised between machines. */
  readonly scope: 'machine' | 'machine-overridable' | 'resource';
  /** A workspace that is not trusted cannot set it. */
  readonly restricted?: true;
}

/** Where a network can run. */
export const devices = {
  auto: 'The best device that opens on this machine; the run says which and why.',
  cpu: 'Processor.',
  cuda: 'NVIDIA graphics card through CUDA; "Overread: Set Up CUDA for Features on an NVIDIA Card" adds what it needs.',
  webgpu: 'Graphics card through WebGPU.',
  dml: 'Graphics card through DirectML (Windows).',
  coreml: 'Apple Core ML (macOS).',
} as const;

export const settingRows = [
  {
    name: 'annotator',
    text: "Your name on label edits. Empty: git's `user.name`. Each name has its own file in `labels/`.",
    schema: { type: 'string', default: '' },
    scope: 'machine-overridable',
    restricted: true,
  },
  {
    name: 'review.role',
    text: 'As whom you edit labels.',
    schema: { type: 'string', default: 'reader' },
    values: {
      reader: 'One reading among several; readers who disagree make the label disputed.',
      adjudicator: 'Your answer decides over all readings.',
    },
    scope: 'machine-overridable',
    restricted: true,
  },
  {
    name: 'review.tileSize',
    text: 'Side of a tile in a new review grid, in pixels (96 to 320). An open grid keeps the size chosen in it.',
    schema: { type: 'integer', default: 160, minimum: 96, maximum: 320 },
    scope: 'resource',
  },
  {
    name: 'review.blind',
    text: 'Blind reading: of an image that you have not answered only the picture is shown, with the columns that `review.blind_columns` in `overread.yaml` allows. Not set: as `review.blind` in `overread.yaml` says. The checkbox in the review grid overrules both.',
    schema: { type: 'boolean', default: false },
    scope: 'resource',
  },
  {
    name: 'architecture',
    text: 'Network whose last layer is fine-tuned, by its timm name (`densenet121`, `tf_efficientnet_lite0`). Empty: as `overread.yaml` says.',
    schema: { type: 'string', default: '' },
    scope: 'resource',
    restricted: true,
  },
  {
    name: 'weights',
    text: 'Weights of the network: `auto`, a tag, `architecture.tag`, a file, or `random:SEED`. Empty: as `overread.yaml` says.',
    schema: { type: 'string', default: '' },
    scope: 'resource',
    restricted: true,
  },
  {
    name: 'device',
    text: 'Where the network runs.',
    schema: { type: 'string', default: 'auto' },
    values: devices,
    scope: 'machine-overridable',
    restricted: true,
  },
  {
    name: 'python',
    text: 'Absolute path of the Python that trains more than the last layer, where the environment that is chosen in VS Code (Python extension) has no PyTorch. Empty: that of `overread setup-python`, else the first on the PATH.',
    schema: { type: 'string', default: '' },
    scope: 'machine',
  },
  {
    name: 'hints',
    text: 'Show in `overread.yaml`, behind `architecture` and `model`, what the images of the project suggest.',
    schema: { type: 'boolean', default: true },
    scope: 'resource',
  },
  {
    name: 'linkedFolders',
    text: 'Folders directly below a project that may be links to another disk, by name, such as `runs` or `.overread`. Overread writes through no other link. On the command line: `OVERREAD_LINKED_FOLDERS=runs,.overread`.',
    schema: {
      type: 'array',
      items: { type: 'string', pattern: '^[^/\\\\]+$' },
      uniqueItems: true,
      default: [],
    },
    scope: 'machine',
  },
] as const satisfies readonly SettingRow[];

type Row = (typeof settingRows)[number];
type Named<Name extends Row['name']> = Extract<Row, { readonly name: Name }>;
type Value<R extends Row> = R extends { readonly values: infer Values }
  ? keyof Values & string
  : {
      string: string;
      boolean: boolean;
      integer: number;
      array: readonly string[];
    }[R['schema']['type']];

/** The value of each setting by its name, as the code reads it. */
export type Settings = { readonly [Name in Row['name']]: Value<Named<Name>> };
