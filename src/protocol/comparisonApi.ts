/** What the page of a comparison may ask of the extension host. Types and the checked parser of its messages. */
import type { Comparison } from '../core/evaluation/comparison';
import { RejectedRequest } from './gridRequests';

export interface ComparisonStart {
  /** The project's folder and the comparison's name: what a restored panel is found again by. */
  readonly root: string;
  readonly comparison: Comparison;
  /** BCP 47, for dates. */
  readonly language: string;
}

export interface ComparisonMethods {
  ready(): Promise<ComparisonStart>;
  /** Shows the comparison's folder. */
  reveal(): Promise<void>;
  /** Opens its table as a file. */
  openTable(): Promise<void>;
  /** Writes a network of the comparison into overread.yaml. @param model its index in `models` @returns what was written, in a sentence */
  use(model: number): Promise<string>;
  /** Opens the images on which two networks differ in the review grid. @returns how many, in a sentence */
  showDifferences(first: number, second: number): Promise<string>;
  log(message: string): Promise<void>;
}

/** What the page saves with the editor: enough to find the comparison after a reload. */
export interface ComparisonState {
  readonly v: 1;
  readonly root: string;
  readonly comparison: string;
}

/** The saved state, or undefined where it is none of this version. */
export function parseComparisonState(value: unknown): ComparisonState | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { v, root, comparison } = value as Readonly<Record<string, unknown>>;
  if (v !== 1 || typeof root !== 'string' || typeof comparison !== 'string') return undefined;
  return { v, root, comparison };
}

/** The methods to serve to the page, which names nothing: they act on the comparison that the panel shows. */
export function checkedComparisonMethods(handlers: ComparisonMethods): ComparisonMethods {
  return {
    ready: async () => handlers.ready(),
    reveal: async () => handlers.reveal(),
    openTable: async () => handlers.openTable(),
    use: async (model: unknown) => handlers.use(asIndex(model)),
    showDifferences: async (first: unknown, second: unknown) =>
      handlers.showDifferences(asIndex(first), asIndex(second)),
    log: async (message: unknown) => {
      if (typeof message !== 'string') throw new RejectedRequest('no usable message', 'text');
      return handlers.log(message.slice(0, 2_000));
    },
  };
}

function asIndex(value: unknown): number {
  if (!Number.isInteger(value) || (value as number) < 0) {
    throw new RejectedRequest('no usable network', 'its number in the comparison');
  }
  return value as number;
}
