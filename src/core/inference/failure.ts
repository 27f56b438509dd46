/** A failure on its way from one thread to another. */
import { errorOfReport, OverreadError } from '../base/errors';
import type { Failure } from './inferenceMessages';

/** An error as data: one of Overread's own with its code, another as its text. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof OverreadError) return { report: error.toJSON() };
  return { report: null, message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

export function errorOfFailure(failure: Failure): Error {
  if (failure.report === null) return new Error(failure.message);
  return errorOfReport(failure.report) ?? new Error(failure.report.message);
}
