/** Runs before ONNX Runtime is loaded: a module of its own, because imports are evaluated in their order. */
import { loadRuntimeBesideCuda } from './cudaRuntime';

loadRuntimeBesideCuda(process.env);
