/** What a project says that helps to choose its architecture. */
import type { ProjectFacts } from '../catalog/suggest';
import type { Project } from './project';

export function projectFacts({ config, assignment }: Pick<Project, 'config' | 'assignment'>): ProjectFacts {
  const { modality, anatomy } = config.dataset;
  return {
    modality,
    anatomy,
    trainingSamples: assignment.split.filter((part) => part === 'train').length,
  };
}
