/** The last layer of a project as a problem to solve: its frozen folds, its patients, and what overread.yaml says of training. */
import { penaltyGrid } from '../config/config';
import type { Targets } from '../labels/model';
import type { Device } from '../onnx/model';
import type { Project } from '../project/project';
import type { ProjectFeatures } from '../project/projectFeatures';
import type { FitProblem } from '../training/fitHead';

/**
 * @param targets of the samples of the project, by whatever labels
 * @param C strengths of the penalty to choose from, instead of the project's
 */
export function lastLayerProblem(
  { dataset, assignment, config }: Pick<Project, 'dataset' | 'assignment' | 'config'>,
  { features, dim, present }: Pick<ProjectFeatures, 'features' | 'dim' | 'present'>,
  targets: Targets,
  device: Device,
  C?: readonly number[],
): FitProblem {
  return {
    ...{ features, dim, present, targets },
    fold: assignment.fold,
    folds: assignment.folds,
    groups: dataset.samples.map(({ group }) => group),
    settings: {
      C: C ?? penaltyGrid(config),
      classWeights: config.training.class_weights,
      device,
      seed: config.training.seed,
    },
  };
}
