/** What `overread sweep` is asked. Types only. */
import type { FolderPolicy } from '../base/projectFolder';
import type { WorkOptions } from '../base/ports';
import type { Device } from '../onnx/model';
import type { DeepRequest } from './deepTrials';
import type { FailedTrial } from './model';
import type { DeclaredSpace } from './space';

export interface SweepOptions extends WorkOptions {
  /** What takes the place of `sweep` in overread.yaml. */
  readonly declared?: Partial<DeclaredSpace>;
  readonly device?: Device | undefined;
  readonly policy?: FolderPolicy | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cacheDir: string;
  readonly inferenceProgram?: string | undefined;
  readonly versions: Readonly<Record<string, string>>;
  /** Where and by what PyTorch trains; absent: it does not. */
  readonly torch?: DeepRequest | undefined;
  /** The space is laid out: so many settings, beside the project's own. */
  readonly onSpace?: (size: number) => void;
  readonly onTried?: (label: string, done: number, seconds: number) => void;
  readonly onFailed?: (failed: FailedTrial) => void;
}
