/** A guarantee as it is asked for and told. Types only. */
import type { Guarantee, GuaranteedFigure } from '../evaluation/guarantee';

export interface GuaranteeAsked {
  /** The class or finding. */
  readonly output: string;
  readonly figure: GuaranteedFigure;
  /** The least value, above 0 and below 1. */
  readonly atLeast: number;
  /** How sure, above 0 and below 1. */
  readonly confidence: number;
}

export interface GuaranteeReport extends GuaranteeAsked {
  readonly given: Guarantee;
}
