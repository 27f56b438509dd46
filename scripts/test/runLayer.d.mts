import type { Alone } from './again.mjs';

export interface Layer {
  readonly name: string;
  readonly command: string;
  readonly arguments: readonly string[];
  /** After which it counts as hung. */
  readonly minutes: number;
  /** How a part of it that failed is run once more by itself; without this nothing is. */
  readonly again?: (part: string) => Alone;
}

export interface LayerResult {
  readonly name: string;
  readonly seconds: number;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failures: readonly string[];
  readonly notes: readonly string[];
  /** Tests that failed and passed when they were run again. */
  readonly flaky: readonly string[];
}

export function runLayer(layer: Layer, print: (text: string) => void): Promise<LayerResult>;
