/**
 * The one error type of Overread. Every failure a person can cause or mend is an `OverreadError` with a
 * stable code; anything else that is thrown is a defect.
 */

import type { ErrorPlace, ErrorReport, Problem } from './report';
import { sentenceLimit, shortened } from './visibleText';

/** How the CLI ends (design: 0 done, 1 findings, 2 usage, 3 input, 4 environment, 130 cancelled). */
export const exitCodes = {
  done: 0,
  findings: 1,
  usage: 2,
  input: 3,
  environment: 4,
  defect: 70,
  cancelled: 130,
} as const;

export type ErrorKind = 'usage' | 'input' | 'environment' | 'cancelled';

export interface ErrorDetails {
  readonly code: ErrorCode;
  /** What failed, with what was found. One sentence, no full stop needed. */
  readonly message: string;
  readonly place?: ErrorPlace;
  /** What would have been right. */
  readonly expected?: string;
  /** The next step. */
  readonly fix?: string;
  /** The single faults behind it, where it sums up several. */
  readonly problems?: readonly Problem[];
  readonly cause?: unknown;
}

/**
 * Stable codes. The hundreds tell the area: 0xx command line, 1xx project and configuration, 2xx table and
 * splits, 3xx images, 4xx labels, 5xx models, weights and devices, 6xx features, 7xx training, 8xx runs,
 * 9xx queries. A code is never given a second meaning.
 */
export const errorCodes = {
  OVR001: 'usage',
  OVR002: 'cancelled',
  OVR003: 'environment', // the file system refused (disk full, no permission)
  OVR004: 'environment', // the engine ended unexpectedly
  OVR005: 'input', // nothing is written there: a link or no plain file is in the way, the workspace is not trusted
  OVR006: 'usage', // a name that the editor would take for a variable of a task
  OVR100: 'input', // folder holds no project
  OVR101: 'input', // overread.yaml cannot be parsed
  OVR102: 'input', // overread.yaml breaks its schema
  OVR103: 'input', // init would overwrite
  OVR104: 'input', // nothing to initialise from (no images, no usable column)
  OVR105: 'input', // a guess of init that a person should look at (warning)
  OVR200: 'input', // table missing or unreadable
  OVR201: 'input', // column missing
  OVR202: 'input', // empty table
  OVR203: 'input', // duplicate sample
  OVR204: 'input', // unknown class or value
  OVR205: 'input', // path leaves the declared roots
  OVR206: 'input', // patient in two parts of the split
  OVR207: 'input', // one class only, or too few samples or patients to split
  OVR208: 'input', // frozen split does not fit the table
  OVR209: 'input', // a class with too few samples (warning)
  OVR210: 'input', // rows without a patient, or no patient column (warning)
  OVR211: 'input', // samples that the weights were trained on (warning)
  OVR212: 'input', // several files fit the path of an image
  OVR213: 'input', // patients that look like one, or one that looks like many (warning)
  OVR214: 'input', // rows of a joined table that do not come together
  OVR215: 'input', // DICOM files that may show who somebody is: burned-in text, names in paths (warning)
  OVR216: 'input', // values that cannot be: an age of 411 (warning)
  OVR217: 'input', // images that are kept together: damaged lines, images that changed their part
  OVR300: 'input', // image missing
  OVR301: 'input', // image cannot be decoded (truncated, empty, not an image)
  OVR302: 'input', // image too large
  OVR303: 'input', // no image of the project can be read
  OVR304: 'input', // a folder, pipe, socket or device instead of a plain file
  OVR305: 'input', // images that cannot be read, counted (warning)
  OVR306: 'input', // a DICOM file that holds no image to be read (report, localiser, image for processing, …)
  OVR307: 'input', // line of moved.jsonl that says nothing (warning)
  OVR310: 'input', // the same image under several names (warning)
  OVR311: 'input', // the same image with different labels
  OVR312: 'input', // the same image in two parts of the split
  OVR313: 'input', // what became of images on their way to pixels (note)
  OVR314: 'input', // near duplicates: images that are others, moved, scaled or saved again (warning)
  OVR315: 'input', // images that lie apart from all others: outliers (note), off-topic (warning)
  OVR316: 'input', // images in which nothing is to be seen (warning), or with little contrast (note)
  OVR317: 'input', // images whose black and white seem to be exchanged (warning)
  OVR318: 'input', // images that seem to be cropped, or have a black strip (note)
  OVR319: 'input', // images of few pixels (note)
  OVR320: 'input', // features that say nothing: the backbone's self-test (error, warning)
  OVR400: 'input', // unknown sample
  OVR401: 'input', // unknown finding
  OVR402: 'input', // value not allowed for the finding
  OVR403: 'input', // nothing to undo or redo
  OVR404: 'input', // label line cannot be read (warning)
  OVR405: 'environment', // label file cannot be locked, or the edit not written whole
  OVR406: 'input', // no annotator name
  OVR407: 'input', // label events on samples that the table does not have (warning)
  OVR408: 'input', // label events on findings or values that the configuration does not list (warning)
  OVR409: 'input', // different label events with one id (warning)
  OVR410: 'input', // label events dated 2100 or later (warning), or an edit that could only be dated so
  OVR411: 'input', // label file that is no plain file
  OVR412: 'input', // hidden from a blind reader until the image is answered
  OVR413: 'input', // no such offer, or the item is not in it
  OVR414: 'input', // labels of a commit that cannot be read: no git, no repository, no such commit
  OVR500: 'usage', // unknown architecture or weights name
  OVR501: 'environment', // weights cannot be had from any source
  OVR502: 'input', // weights file refused (pickle, wrong hash, wrong shapes)
  OVR503: 'environment', // device does not open
  OVR504: 'environment', // inference failed
  OVR505: 'usage', // no such block to truncate after
  OVR506: 'input', // ONNX classifier that cannot be a backbone
  OVR507: 'usage', // heat map that is not defined here
  OVR508: 'input', // what the weights of a file were trained on is not declared (warning)
  OVR509: 'environment', // the CUDA provider cannot be had, or is not the one that belongs here
  OVR600: 'environment', // feature cache cannot be written (no longer given: OVR003)
  OVR601: 'input', // features of another user differ from what this machine computes
  OVR602: 'input', // a folder has no features of these weights
  OVR700: 'input', // nothing to train on
  OVR701: 'environment', // training did not converge or produced numbers that are not finite
  OVR702: 'environment', // Python, PyTorch or Optuna is missing, too old or does not fit the device
  OVR703: 'environment', // a batch does not fit into memory
  OVR704: 'usage', // no such compute target, or one that cannot be started
  OVR705: 'input', // a training that cannot be resumed, because what it began with has changed
  OVR706: 'environment', // training by PyTorch ended unexpectedly
  OVR800: 'input', // no such run
  OVR801: 'input', // run cannot be read
  OVR802: 'environment', // exported model does not reproduce the run
  OVR803: 'input', // the run's inputs are gone or changed
  OVR804: 'usage', // a run that cannot do this, and why
  OVR805: 'input', // predictions from elsewhere that cannot be taken
  OVR806: 'input', // rows of predictions from elsewhere that were left out, counted (warning)
  OVR807: 'input', // no such job, or a job that cannot be read
  OVR808: 'input', // what limits an evaluation: images of the training, findings without labels (warning)
  OVR900: 'usage', // filter is not one SQL expression
  OVR901: 'usage', // filter was refused or failed
  OVR902: 'environment', // the process that runs filters ended unexpectedly
  OVR903: 'usage', // no such queue, or no such order
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof errorCodes;

/** `file:row:column`, as far as known; empty when nothing is. */
export function formatPlace(place: ErrorPlace | undefined): string {
  if (!place) return '';
  const line = place.line ?? place.row;
  const position = [place.file ?? '', line, place.column].filter((part) => part !== undefined && part !== '');
  const field = place.field === undefined ? '' : ` (field "${place.field}")`;
  return `${position.join(':')}${field}`.trim();
}

export class OverreadError extends Error {
  readonly code: ErrorCode;
  readonly kind: ErrorKind;
  readonly place: ErrorPlace | undefined;
  readonly expected: string | undefined;
  readonly fix: string | undefined;
  readonly problems: readonly Problem[];

  constructor(details: ErrorDetails) {
    // A value of megabytes from somebody's file must not go through every log and message.
    const brief = (text: string): string => shortened(text, sentenceLimit);
    super(brief(details.message), details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'OverreadError';
    this.code = details.code;
    this.kind = errorCodes[details.code];
    this.place = details.place;
    this.expected = details.expected === undefined ? undefined : brief(details.expected);
    this.fix = details.fix === undefined ? undefined : brief(details.fix);
    this.problems = details.problems ?? [];
  }

  /** The exit code of a command that ends with this error. */
  get exitCode(): number {
    return exitCodes[this.kind];
  }

  /** What failed, where, what was expected and what to do, in one line a person can act on. */
  describe(): string {
    const place = formatPlace(this.place);
    const parts = [`${place === '' ? '' : `${place}: `}${this.message}.`];
    if (this.expected !== undefined) parts.push(`Expected: ${this.expected}.`);
    if (this.fix !== undefined) parts.push(this.fix.endsWith('.') ? this.fix : `${this.fix}.`);
    // A sentence that brought its own full stop; paths like ../images keep their dots.
    return parts.join(' ').replaceAll(/\.\.(?= |$)/g, '.');
  }

  toJSON(): ErrorReport {
    return {
      code: this.code,
      message: this.message,
      ...(this.place ? { place: this.place } : {}),
      ...(this.expected === undefined ? {} : { expected: this.expected }),
      ...(this.fix === undefined ? {} : { fix: this.fix }),
    };
  }
}

/** The error that another process reported; undefined when its code is none of ours. */
export function errorOfReport(report: ErrorReport): OverreadError | undefined {
  return report.code in errorCodes
    ? new OverreadError({ ...report, code: report.code as ErrorCode })
    : undefined;
}

/** Throws the standard cancellation error when `signal` is aborted. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new OverreadError({ code: 'OVR002', message: 'Cancelled' });
}
