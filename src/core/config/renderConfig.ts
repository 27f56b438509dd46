/** Writes a new overread.yaml: what was chosen and why, and the settings people change next. */
import { stringify } from 'yaml';
import { parseConfig } from './configText';

/** A setting by its path, its value, and what to say of it beside it. */
export type RenderedSetting = readonly [path: string, value: unknown, comment?: string];

export interface ConfigDraft {
  readonly name: string;
  /** Lines of comment at the top. */
  readonly header?: readonly string[];
  readonly settings: readonly RenderedSetting[];
}

/** Settings that a new file shows with their defaults, commented with their choices. */
const shown: readonly RenderedSetting[] = [
  ['labels.disputed', 'exclude', 'when readers disagree: exclude, majority or given'],
  ['split.train', 0.7, 'shares of the patients; frozen in splits/ on first use'],
  ['split.validation', 0.15],
  ['split.test', 0.15],
  ['split.seed', 0],
  ['split.folds', 5],
  ['model.architecture', 'densenet121', '"overread models" lists what there is'],
  ['model.weights', 'auto', 'auto takes the pretrained weights it can get and says which'],
  ['model.device', 'auto', 'auto, cpu, cuda, webgpu, dml, coreml'],
  ['model.crop', 'timm', 'whole keeps lung apices and costophrenic angles that the centre crop cuts'],
  ['training.C', 'auto', 'a number, or a list to choose from'],
  ['review.splits', ['train', 'validation'], 'the test part stays out of sight so that it stays a test'],
];
const sections = ['dataset', 'labels', 'split', 'model', 'training', 'review'] as const;

/** The text of a commented overread.yaml. @throws Error (a defect) when it would not pass its own check */
export function renderConfig(draft: ConfigDraft): string {
  const chosen = new Set(draft.settings.map(([path]) => path));
  const splitGiven = draft.settings.some(([path, value]) => path === 'split.column' && value !== null);
  const shares = ['split.train', 'split.validation', 'split.test'];
  const rest = shown.filter(([path]) => !chosen.has(path) && !(splitGiven && shares.includes(path)));
  const all = [...draft.settings, ...rest];
  const lines = [
    ...(draft.header ?? []).map((line) => `# ${line}`),
    '# Every setting is described in docs/configuration.md of Overread; paths are relative to this file.',
    'version: 1',
    `name: ${inline(draft.name)}`,
    ...sections.flatMap((section) => [
      '',
      `${section}:`,
      ...alignComments(
        all
          .filter(([path]) => path.startsWith(`${section}.`))
          .map(([path, value, comment]) => [
            `  ${path.slice(section.length + 1)}: ${inline(value)}`,
            comment,
          ]),
      ),
    ]),
  ];
  const text = `${lines.join('\n')}\n`;
  const fault = parseConfig(text).diagnostics.find(({ severity }) => severity === 'error');
  if (fault) throw new Error(`The new overread.yaml would be wrong at line ${fault.line}: ${fault.message}`);
  return text;
}

/** A value on one line, quoted where YAML needs it. */
function inline(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: false }).trim();
}

/** Comments in one column, except after long lines. */
function alignComments(lines: readonly (readonly [string, string | undefined])[]): string[] {
  const lengths = lines.map(([text]) => text.length).filter((length) => length <= 40);
  const width = Math.max(0, ...lengths);
  return lines.map(([text, comment]) =>
    comment === undefined ? text : `${text.padEnd(width)} # ${comment}`,
  );
}
