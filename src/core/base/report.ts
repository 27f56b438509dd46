/** What is told about faults and progress, as plain data. Types only: every side names these. */

/** Where in the user's files the fault lies. Lines and columns are 1-based; `row` is the line in a table. */
export interface ErrorPlace {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly row?: number;
  readonly field?: string;
}

/** An `OverreadError` as plain data: what `--json` prints and what crosses the RPC. */
export interface ErrorReport {
  readonly code: string;
  readonly message: string;
  readonly place?: ErrorPlace;
  readonly expected?: string;
  readonly fix?: string;
}

/** A fault that did not stop the work: an image that was skipped, a class that is too rare. */
export interface Problem extends ErrorReport {
  readonly severity: 'error' | 'warning' | 'info';
}

/** One step of long work. `done` and `total` count `unit`s; `total` is absent while it is unknown. */
export interface Progress {
  readonly stage: string;
  readonly done: number;
  readonly total?: number;
  readonly message?: string;
}
