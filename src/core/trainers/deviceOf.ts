/** What the network behind a run ran on, as its record keeps it. */
import type { Device } from '../onnx/model';
import type { ProjectFeatures } from '../project/projectFeatures';
import type { ModelNetwork } from './model';

/** @param asked the device that was asked for, where nothing had to run */
export function deviceOf({ opened }: Pick<ProjectFeatures, 'opened'>, asked: Device): ModelNetwork['device'] {
  return opened
    ? { name: opened.device, reason: opened.reason }
    : { name: asked, reason: 'no inference: every feature came from the cache' };
}
