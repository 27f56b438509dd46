/** The table of a comparison as text: the same in a terminal, in compare.md and in the editor. */
import type { ComparedModel, ComparedPart, Comparison } from '../core/evaluation/comparison';
import { formatCount, formatDifference, formatEstimate, formatGmacs } from './figures';

export interface TableColumn {
  readonly title: string;
  /** What the column says, in a sentence. */
  readonly about: string;
  /** `quality` columns compare, `cost` columns weigh; a narrow terminal prints them apart. */
  readonly group: 'name' | 'quality' | 'cost';
}

export interface TableRow {
  /** One per column. */
  readonly cells: readonly string[];
  readonly best: boolean;
  readonly random: boolean;
}

export interface ComparisonTable {
  readonly columns: readonly TableColumn[];
  readonly rows: readonly TableRow[];
  /** Whole sentences below the table: what the figures run over, what has no interval, what failed. */
  readonly notes: readonly string[];
}

/** Marks a figure that has too few patients for an interval; a note gives the counts. */
const tooFew = ' †';

interface Column extends TableColumn {
  readonly cell: (model: ComparedModel, index: number) => string;
}

/** All figures of a comparison, in its own order of networks. */
export function comparisonTable(comparison: Comparison): ComparisonTable {
  const { models, best } = comparison;
  const columns = columnsOf(comparison);
  return {
    columns: columns.map(({ title, about, group }) => ({ title, about, group })),
    rows: models.map((model, index) => ({
      cells: columns.map(({ cell }) => cell(model, index)),
      best: index === best,
      random: model.random,
    })),
    notes: notesOf(comparison),
  };
}

function columnsOf({ kind, parts, best }: Comparison): readonly Column[] {
  const auroc = (part: ComparedPart): Column['cell'] => {
    const mark = parts[part].rare.length > 0 ? tooFew : '';
    return (model) => {
      const estimate = model[part].auroc_macro;
      return formatEstimate(estimate) + (estimate.value === null ? '' : mark);
    };
  };
  const difference =
    (part: ComparedPart): Column['cell'] =>
    (model, index) =>
      index === best ? 'best' : formatDifference(model[part].difference);
  const both = (pick: (model: ComparedModel, part: ComparedPart) => number | null): Column['cell'] => {
    const text = (value: number | null): string => (value === null ? '–' : value.toFixed(3));
    return (model) => `${text(pick(model, 'out_of_fold'))} / ${text(pick(model, 'validation'))}`;
  };
  return [
    { ...nameColumns[kind], group: 'name', cell: ({ label }) => label },
    {
      title: 'AUROC out of fold',
      about: 'Macro average over the training part, each image by a model that did not see its patient',
      group: 'quality',
      cell: auroc('out_of_fold'),
    },
    {
      title: 'Difference',
      about: 'Difference to the best network out of fold, over the same resampled patients',
      group: 'quality',
      cell: difference('out_of_fold'),
    },
    {
      title: 'AUROC validation',
      about: 'Macro average over the validation part',
      group: 'quality',
      cell: auroc('validation'),
    },
    {
      title: 'Difference, validation',
      about: 'Difference on validation to the network that is best out of fold',
      group: 'quality',
      cell: difference('validation'),
    },
    {
      title: 'Accuracy',
      about: 'Out of fold / validation',
      group: 'cost',
      cell: both((model, part) => model[part].accuracy.value),
    },
    {
      title: 'Log loss',
      about: 'Out of fold / validation, nats',
      group: 'cost',
      cell: both((model, part) => model[part].log_loss.value),
    },
    // What a run cost stands in its record, and belongs to the machine and the day.
    ...(kind === 'runs' ? [] : costColumns),
  ];
}

const nameColumns: Readonly<Record<Comparison['kind'], Pick<TableColumn, 'title' | 'about'>>> = {
  architectures: { title: 'Network', about: 'Weights, by architecture and tag' },
  truncations: { title: 'Cut after', about: 'The last block that is left' },
  runs: { title: 'Run', about: 'The name of the run, and its trainer where it has no network here' },
};

const costColumns: readonly Column[] = [
  {
    title: 'Parameters',
    about: 'Learnt numbers of the network up to the feature vector',
    group: 'cost',
    cell: ({ parameters }) => formatCount(parameters),
  },
  {
    title: 'GMACs',
    about: 'Thousands of millions of multiply-accumulates for one image',
    group: 'cost',
    cell: ({ gmacs }) => formatGmacs(gmacs),
  },
  {
    title: 'Features',
    about: 'Length of the feature vector',
    group: 'cost',
    cell: ({ feature_size }) => (feature_size === null ? '–' : String(feature_size)),
  },
  {
    title: 'Seconds',
    about: 'For the features, and for the last layer; features may come from the cache',
    group: 'cost',
    cell: ({ timings }) =>
      `${timings.features_s.toFixed(1)}${timings.cached > 0 ? ' (cache)' : ''} + ${timings.train_s.toFixed(1)}`,
  },
];

const partNames: Readonly<Record<ComparedPart, string>> = {
  out_of_fold: 'out of fold',
  validation: 'on validation',
};

function notesOf(comparison: Comparison): string[] {
  const { kind, parts, models, failed, task, skipped, best } = comparison;
  const { out_of_fold: training, validation } = parts;
  const notes: string[] = [];
  const what = kind === 'runs' ? 'run' : 'network';
  if (training.macro_over.length > 0) {
    const how = task === 'multi-class' ? ' (each class against the rest)' : '';
    notes.push(`AUROC is the average over ${training.macro_over.join(', ')}${how}.`);
  }
  if (validation.samples > 0 && validation.macro_over.join() !== training.macro_over.join()) {
    notes.push(`On validation it runs over ${validation.macro_over.join(', ') || 'none'}.`);
  }
  if (kind === 'runs' && training.samples === 0) {
    notes.push(
      'Nothing is compared out of fold: one of the runs saw the training part, or has no prediction there.',
    );
  }
  notes.push(
    `In brackets: 95 % intervals; patients are resampled, the same ones for every ${what} ` +
      `(${counted(training.patients, 'patient')} and ${counted(training.samples, 'image')} out of fold, ` +
      `${counted(validation.patients, 'patient')} and ${counted(validation.samples, 'image')} on validation).`,
  );
  for (const part of ['out_of_fold', 'validation'] as const) {
    const counts = parts[part].rare.map(
      ({ name, positivePatients, negativePatients }) => `${name} ${positivePatients} and ${negativePatients}`,
    );
    if (counts.length === 0) continue;
    notes.push(
      `† No interval ${partNames[part]}, where each output needs 10 patients with it and 10 without (patients with and without): ` +
        `${counts.join(', ')}.`,
    );
  }
  notes.push('Accuracy and log loss: out of fold / on validation.');
  if (best !== null && models.length > 1) {
    notes.push('The best is the highest out of fold; validation chooses nothing, it only compares.');
  }
  if (models.some(({ random }) => random)) {
    notes.push(
      `${what === 'run' ? 'Runs' : 'Networks'} marked "random" have weights that were drawn, not learnt.`,
    );
  }
  if (skipped > 0) notes.push(`${counted(skipped, 'image')} could not be read and counted for no ${what}.`);
  for (const { label, error } of failed) {
    notes.push(`Not compared: ${label}. ${error.message.replace(/\.$/, '')} (${error.code}).`);
  }
  return notes;
}

function counted(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? '' : 's'}`;
}
