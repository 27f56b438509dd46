/**
 * What weights of a file were trained on, against what the project holds. Published weights need no look: ImageNet's
 * photographs are in no medical data set.
 */
import * as path from 'node:path';
import type { Problem } from '../base/report';
import { configFile } from '../config/config';
import { findOverlaps } from '../dataset/knownDatasets';
import { normalisePath } from '../base/files';
import type { ResolvedWeights } from '../weights/model';
import type { Project } from './project';

const place = { file: configFile, field: 'model.trained_on' };

/**
 * OVR508 when nothing is declared; OVR211 for each declared data set that some of the samples look like. Warnings:
 * the work goes on.
 */
export function checkTrainingData(
  { config, dataset }: Pick<Project, 'config' | 'dataset'>,
  { identity, declaredTraining }: ResolvedWeights,
): readonly Problem[] {
  if (declaredTraining === undefined) return [];
  if (declaredTraining === null) {
    return [
      {
        code: 'OVR508',
        severity: 'warning',
        message: `What the weights ${identity.name} were trained on is not declared`,
        place,
        fix: 'Say it with model.trained_on in overread.yaml, for instance [NIH ChestX-ray14]; [] for nothing that matters here',
      },
    ];
  }
  const { name, dataset: settings } = config;
  // Absolute folders would bring in what the machine calls its disks.
  const names = [name, settings.table, settings.images].filter((text) => !path.isAbsolute(text));
  const { samples } = dataset;
  return findOverlaps(declaredTraining, names.map(normalisePath), samples).map((overlap) => ({
    code: 'OVR211',
    severity: 'warning',
    message:
      `${overlap.samples} of ${samples.length} samples look like ${overlap.dataset} (${overlap.because}), and the ` +
      `weights ${identity.name} were trained on ${overlap.declared}` +
      (overlap.dataset === overlap.declared ? '' : ', which shares images with it'),
    place,
    expected: 'samples that the weights have not seen: predictions for those they have are not out of sample',
    fix: 'Judge the model on other images, or take weights that were trained on others',
  }));
}
