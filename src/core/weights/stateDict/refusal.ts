/** The one way in which a weights file is refused. */
import { OverreadError } from '../../base/errors';

const fix =
  'Take weights as .safetensors, or save them with torch.save(model.state_dict(), file): tensors and nothing else';

/** OVR502 for `file` (a name for people, not for opening), with what was found and what was expected. */
export function refuseWeights(
  file: string,
  found: string,
  expected?: string,
  cause?: unknown,
): OverreadError {
  return new OverreadError({
    code: 'OVR502',
    message: `Weights file refused: ${found}`,
    place: { file },
    ...(expected === undefined ? {} : { expected }),
    fix,
    cause,
  });
}
