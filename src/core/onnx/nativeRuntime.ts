/** ONNX Runtime, loaded where it finds its providers. Nothing else imports it. */
import './beforeRuntime';
import { env } from 'onnxruntime-node';

// What it would print in red is thrown too, and told in our words.
env.logLevel = 'fatal';

export { InferenceSession, Tensor } from 'onnxruntime-node';
