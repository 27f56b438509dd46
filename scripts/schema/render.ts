/** Renders what is published from the schema of overread.yaml: the JSON Schema and the settings reference. */
import * as prettier from 'prettier';
import { configSchema } from '../../src/core/config/configSchema';
import { runSchema, runSchema1 } from '../../src/core/runs/runSchema';
import { describeSchema, type SchemaNode } from '../../src/core/config/describeSchema';

/** A file that is generated, relative to the repository. */
export interface GeneratedFile {
  readonly file: string;
  readonly text: string;
}

/** Every generated file, formatted as the repository's other files are. */
export async function renderAll(): Promise<GeneratedFile[]> {
  const options = await prettier.resolveConfig(import.meta.url);
  const format = (text: string, parser: string): Promise<string> =>
    prettier.format(text, { ...options, parser });
  return [
    {
      file: 'schemas/overread.schema.json',
      text: await format(JSON.stringify(withoutDefaultedRequired(configSchema)), 'json'),
    },
    { file: 'schemas/run.schema.json', text: await format(JSON.stringify(publishedRun()), 'json') },
    { file: 'docs/configuration.md', text: await format(renderReference(), 'markdown') },
  ];
}

/** `run.json` of either contract, for whoever reads runs by programs of their own. */
function publishedRun(): unknown {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'run.json of Overread',
    anyOf: [runSchema, runSchema1],
  };
}

/**
 * The parser fills in defaults before it checks, so to it every key with a default is there. Whoever reads the
 * published schema checks what was written, where such a key may be absent.
 */
function withoutDefaultedRequired(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutDefaultedRequired);
  if (typeof node !== 'object' || node === null) return node;
  const { required, ...rest } = node as SchemaNode;
  const children = Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [
      key,
      key === 'default' ? value : withoutDefaultedRequired(value),
    ]),
  );
  const needed = (required ?? []).filter((name) => rest.properties?.[name]?.default === undefined);
  return needed.length === 0 ? children : { ...children, required: needed };
}

function renderReference(): string {
  const root = configSchema as unknown as SchemaNode;
  const sections = Object.entries(root.properties ?? {}).filter(([, node]) => node.properties);
  const top = Object.entries(root.properties ?? {}).filter(([, node]) => !node.properties);
  return [
    '# Settings of overread.yaml',
    '',
    '<!-- Generated from src/core/config/configSchema.ts by `node scripts/runTs.mjs scripts/schema.ts`. Do not edit. -->',
    '',
    'A folder with an `overread.yaml` is a project. Paths in it are relative to it. A key that is not listed here is',
    'an error, with a suggestion. The same schema checks the file in the editor, on the command line and in',
    '[schemas/overread.schema.json](../schemas/overread.schema.json).',
    '',
    '```yaml',
    'version: 1',
    'name: Chest X-rays',
    'dataset: { table: samples.csv, images: ., path: path, group: patient_id }',
    'labels: { task: multi-class, column: label, classes: [Normal, Pneumonia] }',
    '```',
    '',
    '## Top level',
    '',
    ...settingsTable(top, ''),
    ...sections.flatMap(([name, node]) => [
      '',
      `## ${name}`,
      '',
      node.description ?? '',
      '',
      ...settingsTable(Object.entries(node.properties ?? {}), `${name}.`),
    ]),
    '',
    '## References to columns',
    '',
    '`dataset.group` and `dataset.study` are a column, or a part of its text:',
    '',
    '```yaml',
    'dataset:',
    "  group: { column: Path, pattern: 'patient(\\d+)' } # CheXpert: the patient stands in the path",
    '```',
    '',
    '## A finding with settings of its own',
    '',
    '```yaml',
    'labels:',
    '  task: multi-label',
    '  findings:',
    '    - Edema',
    '    - { name: Heart, column: Cardiomegaly, uncertain: positive, unmentioned: masked }',
    '```',
    '',
    ...settingsTable(findingProperties(root), ''),
    '',
  ].join('\n');
}

function findingProperties(root: SchemaNode): [string, SchemaNode][] {
  const entry = root.properties?.['labels']?.properties?.['findings']?.items;
  const object = entry?.anyOf?.find((branch) => branch.properties);
  return Object.entries(object?.properties ?? {});
}

function settingsTable(settings: readonly (readonly [string, SchemaNode])[], prefix: string): string[] {
  const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
  return [
    '| key | what | values | default |',
    '| --- | --- | --- | --- |',
    ...settings.map(([name, node]) => {
      const fallback = node.default === undefined ? '' : `\`${JSON.stringify(node.default)}\``;
      const columns = [`\`${prefix}${name}\``, node.description ?? '', describeSchema(node), fallback];
      return `| ${columns.map(cell).join(' | ')} |`;
    }),
  ];
}
