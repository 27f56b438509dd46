/** The weights as a project uses them. */
import type { ProjectConfig } from '../dataset/config';
import type { WeightsIdentity } from '../models/model';

/** The weights' own preprocessing with the project's choice of crop. */
export function withCrop(identity: WeightsIdentity, config: ProjectConfig): WeightsIdentity {
  return { ...identity, preprocessing: { ...identity.preprocessing, crop: config.model.crop } };
}
