/** `overread models`: the architectures and their weights. */
import type { Command } from 'commander';
import type { Surroundings } from '../command';
import { addModelsExport } from './models/export';
import { addModelsList } from './models/list';
import { addModelsPull } from './models/pull';
import { addModelsShow } from './models/show';

export function addModels(program: Command, surroundings: Surroundings): void {
  const models = program
    .command('models')
    .description('list, show, fetch or export the architectures and their weights');
  for (const add of [addModelsList, addModelsShow, addModelsPull, addModelsExport]) add(models, surroundings);
}
