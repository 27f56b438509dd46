/** What the page of a run may ask of the extension host. Types and the checked parser of its messages. */
import type { OperatingTarget } from '../core/config/model';
import type { OperatingPoint, PartAnalysis, RunAnalysis } from '../core/evaluation/runAnalysis';
import type { GuaranteeAsked, GuaranteeReport } from '../core/report/guaranteeModel';
import { RejectedRequest } from './gridRequests';

export type { GuaranteeAsked, GuaranteeReport, OperatingPoint, OperatingTarget, PartAnalysis, RunAnalysis };

/** What a target comes to on a run. */
export interface TriedThreshold {
  readonly point: OperatingPoint;
  /** Images that would be called and are not. */
  readonly called: number;
  /** Images that are called and would not be. */
  readonly dropped: number;
}

export interface RunPageStart {
  /** The project's folder: with the run, what a restored panel is found again by. */
  readonly root: string;
  readonly project: string;
  readonly analysis: RunAnalysis;
  /** Weights of the network; null where none is known. */
  readonly weights: { readonly name: string; readonly random: boolean } | null;
  readonly created: string;
  /** How often somebody looked at the test part; null where that cannot be read. */
  readonly testLooks: number | null;
  /** Why no guarantee can be given on the test part; null where one may be tried. */
  readonly whyNoGuarantee: string | null;
  /** Whether overread.yaml may be written. */
  readonly trusted: boolean;
  /** BCP 47, for dates. */
  readonly language: string;
}

export interface RunPageMethods {
  /** @param test also the test part: the look is counted */
  ready(test: boolean): Promise<RunPageStart>;
  /** The same analysis with its bands. */
  bands(test: boolean): Promise<RunAnalysis>;
  /** Thresholds worth trying, falling. */
  thresholds(output: string, test: boolean): Promise<readonly number[]>;
  tryTarget(output: string, target: OperatingTarget, test: boolean): Promise<TriedThreshold>;
  /** Opens the images that a threshold would put on the other side in the review grid. @returns how many, in a sentence */
  showChanged(output: string, threshold: number, test: boolean): Promise<string>;
  /** Writes a target into overread.yaml; null takes the one out that stands there. @returns what was done, in a sentence */
  keepTarget(output: string, target: OperatingTarget | null): Promise<string>;
  /** Tries to give a guarantee, once: it spends the test part. */
  guarantee(asked: GuaranteeAsked): Promise<GuaranteeReport>;
  /** Writes the report and opens it. */
  report(): Promise<void>;
  log(message: string): Promise<void>;
}

/** What the page saves with the editor: enough to find the run after a reload. */
export interface RunPageState {
  readonly v: 1;
  readonly root: string;
  readonly run: string;
}

/** The saved state, or undefined where it is none of this version. */
export function parseRunPageState(value: unknown): RunPageState | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { v, root, run } = value as Readonly<Record<string, unknown>>;
  if (v !== 1 || typeof root !== 'string' || typeof run !== 'string') return undefined;
  return { v, root, run };
}

/** A target that the page has saved as JSON; undefined where the text is none. */
export function parseTarget(text: string | undefined): OperatingTarget | undefined {
  if (text === undefined) return undefined;
  try {
    return asTarget(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The methods to serve to the page, which names outputs and thresholds and nothing else. */
export function checkedRunPageMethods(handlers: RunPageMethods): RunPageMethods {
  return {
    ready: async (test: unknown) => handlers.ready(asFlag(test)),
    bands: async (test: unknown) => handlers.bands(asFlag(test)),
    thresholds: async (output: unknown, test: unknown) => handlers.thresholds(asName(output), asFlag(test)),
    tryTarget: async (output: unknown, target: unknown, test: unknown) =>
      handlers.tryTarget(asName(output), asTarget(target), asFlag(test)),
    showChanged: async (output: unknown, threshold: unknown, test: unknown) =>
      handlers.showChanged(asName(output), asShare(threshold), asFlag(test)),
    keepTarget: async (output: unknown, target: unknown) =>
      handlers.keepTarget(asName(output), target === null ? null : asTarget(target)),
    guarantee: async (asked: unknown) => handlers.guarantee(asAsked(asked)),
    report: async () => handlers.report(),
    log: async (message: unknown) => {
      if (typeof message !== 'string') throw new RejectedRequest('no usable message', 'text');
      return handlers.log(message.slice(0, 2_000));
    },
  };
}

function asFlag(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw new RejectedRequest('no usable flag', 'true or false');
}

function asName(value: unknown): string {
  if (typeof value === 'string' && value.length > 0 && value.length <= 1_000) return value;
  throw new RejectedRequest('no usable output', 'the name of a class or finding');
}

function asShare(value: unknown): number {
  if (typeof value === 'number' && value > 0 && value < 1) return value;
  throw new RejectedRequest('no usable number', 'one above 0 and below 1');
}

function asAsked(value: unknown): GuaranteeAsked {
  if (typeof value === 'object' && value !== null) {
    const { output, figure, atLeast, confidence } = value as Readonly<Record<string, unknown>>;
    if (figure === 'ppv' || figure === 'npv') {
      return { output: asName(output), figure, atLeast: asShare(atLeast), confidence: asShare(confidence) };
    }
  }
  throw new RejectedRequest('no usable guarantee', '{output, figure, atLeast, confidence}');
}

function asTarget(value: unknown): OperatingTarget {
  if (value === 'youden') return value;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    const [entry] = entries;
    if (entry && entries.length === 1) {
      const [kind, share] = entry as [string, unknown];
      if (kind === 'sensitivity') return { sensitivity: asShare(share) };
      if (kind === 'specificity') return { specificity: asShare(share) };
      if (kind === 'threshold') return { threshold: asShare(share) };
    }
  }
  throw new RejectedRequest('no usable target', 'youden, {sensitivity}, {specificity} or {threshold}');
}
