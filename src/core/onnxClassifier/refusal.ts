/** The two ways in which an ONNX file is refused. */
import { OverreadError } from '../base/errors';

/** OVR502: the bytes are no ONNX model. `file` is a name for people. */
export function damagedModel(file: string, found: string, cause?: unknown): OverreadError {
  return new OverreadError({
    code: 'OVR502',
    message: `The ONNX file is damaged or none: ${found}`,
    place: { file },
    expected: 'a whole ModelProto, as torch.onnx.export writes it',
    fix: 'Export or copy the file again; onnx.checker.check_model says what it holds',
    cause,
  });
}

/** OVR506: a sound model that cannot be a backbone. */
export function unsuitableModel(
  file: string,
  found: string,
  expected: string,
  fix: string,
  cause?: unknown,
): OverreadError {
  return new OverreadError({
    code: 'OVR506',
    message: `The ONNX model cannot be a backbone: ${found}`,
    place: { file },
    expected,
    fix,
    cause,
  });
}

/** OVR506: the weights are in a file of their own that cannot be taken. */
export function externalData(file: string, found: string): OverreadError {
  return unsuitableModel(
    file,
    found,
    'one file with its weights inside, or the weights in a file beside it, in the same folder',
    'Copy the file of weights beside the model, or join them: onnx.save(onnx.load("model.onnx"), "whole.onnx")',
  );
}
