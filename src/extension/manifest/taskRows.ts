/** What tasks.json may say of an Overread task. */
import { devices } from './settingRows';

/** The commands that run as tasks, and what each does. */
export const taskCommands = {
  finetune: 'Fine-tune the last layer',
  compare: 'Compare architectures, or one network cut after its blocks, on the same split and folds.',
  sweep: 'Try the settings that overread.yaml declares (sweep) against each other and against the default',
  follow: 'Show what a running fine-tuning prints',
  export: 'Write model.onnx of a run',
  check: 'Look through the data: missing and unreadable images, duplicates, leaks, contradictions',
  yield: 'Show what a review of suspected labels has found so far',
  relink: 'Find images whose files were moved or renamed; asks in the terminal before it writes',
  'setup-cuda': 'Add the CUDA provider of ONNX Runtime; asks in the terminal before it downloads',
  'setup-python': 'Make a Python environment with PyTorch and timm; asks in the terminal before it downloads',
  doctor: 'Show devices, weights and versions',
} as const;

/** The other fields of a task: texts, save `folds`. */
export const taskFields = {
  project: {
    type: 'string',
    text: 'Folder of the overread.yaml, relative to the workspace folder. Default: the workspace folder.',
  },
  architecture: { type: 'string', text: "The network by its timm name. Default: the project's." },
  weights: {
    type: 'string',
    text: "auto, a tag, architecture.tag, a file, or random:SEED. Default: the project's.",
  },
  architectures: {
    type: 'string',
    text: 'compare: networks between commas, each an architecture with optional weights (`densenet121,resnet18:random`).',
  },
  truncations: {
    type: 'string',
    text: 'compare: cut one architecture after these blocks: `all`, or names between commas.',
  },
  layers: {
    type: 'string',
    text: "finetune: what learns: last, last-block, last-two-blocks, all, or blocks between commas. All but last needs PyTorch. Default: the project's.",
  },
  device: {
    type: 'string',
    enum: Object.keys(devices),
    text: 'Where the network runs. Default: auto.',
  },
  folds: { type: 'integer', minimum: 2, text: "Cross-validation folds, at least 2. Default: the project's." },
  name: { type: 'string', text: "The new run's name." },
  in: { type: 'string', text: 'relink: the folder to look in. Default: the project and its images.' },
  run: { type: 'string', text: 'export: the run. Default: the one that the review shows.' },
} as const;
