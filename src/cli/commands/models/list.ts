/** `overread models [DIR]`: every architecture in a line, and what a project's images suggest. */
import type { Command } from 'commander';
import { userCacheFolder } from '../../../core/base/userCache';
import { readCatalog } from '../../../core/catalog/catalog';
import type { ArchitectureRow, Suggestion } from '../../../core/catalog/model';
import { projectFacts } from '../../../core/project/projectFacts';
import { action, withOutputOptions, type CommandContext, type Surroundings } from '../../command';
import { wrap, wrappedTable } from '../../wrappedTable';
import { gigas, numberOfParameters } from './figures';

const head = [
  'name',
  'family',
  'parameters',
  'GMACs',
  'features',
  'input',
  'licence',
  'weights',
  'images/s',
  'used for',
];

export function addModelsList(models: Command, surroundings: Surroundings): void {
  withOutputOptions(models.command('list', { isDefault: true }))
    .description('list the architectures; with a project, what its images suggest')
    .argument('[dir]', 'a project')
    .action(
      action(surroundings, async (context, _flags: object, dir?: string) => {
        const project = dir === undefined ? null : await context.open(dir);
        const catalog = await readCatalog({
          cacheDir: userCacheFolder(context.env),
          env: context.env,
          project: project && projectFacts(project),
        });
        const { out } = context;
        if (project) {
          for (const line of describeSuggestion(catalog.suggestion, context.stdout.columns)) out.line(line);
          out.line();
        }
        for (const line of wrappedTable([head, ...catalog.rows.map(cells)], context.stdout.columns)) {
          out.line(line);
        }
        out.line();
        for (const line of legend(context)) out.line(line);
        out.json(catalog);
        return undefined;
      }),
    );
}

function cells(row: ArchitectureRow): string[] {
  const here = row.weights.some((weights) => weights.here);
  return [
    row.name,
    row.family,
    numberOfParameters(row.parameters),
    gigas(row.gmacs),
    String(row.featureSize),
    `${row.inputSize} px`,
    row.weights[0]?.licence ?? '–',
    row.weights.length === 0 ? 'none' : here ? 'here' : 'to fetch',
    row.imagesPerSecond === null ? '–' : String(row.imagesPerSecond),
    row.usesInShort,
  ];
}

/** What a project is told above the table. */
export function describeSuggestion(suggestion: Suggestion | null, width: number | undefined): string[] {
  if (!suggestion) {
    return wrap('No suggestion: overread.yaml says neither dataset.modality nor dataset.anatomy.', width);
  }
  const { architecture, because, train, trainingSamples } = suggestion;
  const size =
    train === 'last layer'
      ? `${trainingSamples} training images: the last layer alone is worth training (rule of thumb below 1,000).`
      : `${trainingSamples} training images: the last block is worth training too (rule of thumb from 1,000 on; ` +
        'Overread trains the last layer).';
  return [
    `Suggested: ${architecture}`,
    ...[`${because.text}.`, `${because.source}, ${because.url}`, size].flatMap((text) =>
      wrap(text, width === undefined ? undefined : width - 2).map((line) => `  ${line}`),
    ),
  ];
}

function legend({ stdout }: CommandContext): string[] {
  return wrap(
    'Parameters and GMACs are those of the whole published network at its input size; the licence is that of its default weights. images/s: measured on this ' +
      'machine when features were last computed with it, from files to features. "overread models show NAME" has ' +
      'sources, weights and blocks; "overread models pull NAME" fetches weights.',
    stdout.columns,
  );
}
