/** What fits of a command are given of the process around them. */
import { userCacheFolder } from '../../../core/base/userCache';
import type { Device } from '../../../core/onnx/model';
import type { Project } from '../../../core/project/project';
import type { TrainWork } from '../../../core/trainers/trainer';
import type { CommandContext } from '../../command';

export function trainWork(
  context: CommandContext,
  device: Device | undefined,
  { config }: Pick<Project, 'config'>,
): TrainWork {
  return {
    ...context.work,
    device: device ?? config.model.device,
    env: context.env,
    cacheDir: userCacheFolder(context.env),
    inferenceProgram: context.inferenceProgram,
  };
}
