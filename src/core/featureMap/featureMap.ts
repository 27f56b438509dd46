/** The map of a run's features: the first two whitened components, and what images are coloured by. */
import { groupingsOf } from '../cohorts/groupings';
import { ItemPredictions } from '../evaluation/itemPredictions';
import { Outcomes } from '../evaluation/outcomes';
import type { Components } from '../neighbours/components';
import type { Project } from '../project/project';
import type { WholeRun } from '../runs/wholeRun';
import { confidentSuspects } from '../suspects/confidentSuspects';
import { splits } from '../dataset/model';
import type { FeatureMap, MapColour } from './model';

/** The map by the first two components; a set with one component lies on a line. */
export function featureMap(project: Project, run: WholeRun, components: Components): FeatureMap {
  const { samples } = project.dataset;
  const { rows, dim, present } = components;
  const xy = new Float32Array(samples.length * 2).fill(NaN);
  for (let i = 0; i < samples.length; i++) {
    if (present[i] !== 1 || dim === 0) continue;
    xy[2 * i] = rows[i * dim]!;
    xy[2 * i + 1] = dim > 1 ? rows[i * dim + 1]! : 0;
  }
  return {
    run: run.record.run,
    method: 'components',
    xy,
    samples: JSON.stringify(samples.map(({ id }) => id)),
    colours: [...ofFindings(project, run), partOf(project), ...ofColumns(project)],
  };
}

/** Label, prediction, error and suspicion: of the one class, or of each finding. */
function ofFindings({ dataset, labels, assignment }: Project, { predictions }: WholeRun): MapColour[] {
  const items = ItemPredictions.of(dataset, predictions);
  const outcomes = Outcomes.of(labels, items, assignment);
  const { quality } = confidentSuspects(labels, assignment, predictions);
  const width = dataset.findings.length;
  const count = dataset.samples.length;
  const columns = dataset.findings.map(({ name }, f) => {
    const title = (what: string): string => (width === 1 ? what : `${name}: ${what.toLowerCase()}`);
    const id = (what: string): string => (width === 1 ? what : `${what} ${name}`);
    const texts = (of: (item: number) => string | null): (string | null)[] =>
      Array.from({ length: count }, (_, i) => of(i * width + f));
    return [
      category(
        id('label'),
        title('Label'),
        texts((item) => labels.valueAt(item)),
      ),
      category(
        id('predicted'),
        title('Prediction'),
        texts((item) => items.predictedName(item)),
      ),
      category(
        id('wrong'),
        title('Error'),
        texts((item) =>
          Number.isNaN(outcomes.loss[item]!) ? null : outcomes.wrong[item] === 1 ? 'wrong' : 'right',
        ),
      ),
      {
        kind: 'number' as const,
        id: id('suspicion'),
        title: title('Suspicion'),
        values: Float32Array.from({ length: count }, (_, i) => 1 - (quality[i * width + f] ?? NaN)),
      },
    ];
  });
  return columns.flat();
}

function partOf({ assignment }: Project): MapColour {
  return category('split', 'Part', [...assignment.split], splits);
}

/** Columns with few values, and those that hold numbers. */
function ofColumns({ dataset }: Project): MapColour[] {
  return groupingsOf(dataset).taken.map(({ column, groups, of, numbers }): MapColour => {
    const id = `column ${column}`;
    if (numbers) return { kind: 'number', id, title: column, values: Float32Array.from(numbers.values) };
    const names = groups.map(({ name }) => name);
    return { kind: 'category', id, title: column, names, codes: Int16Array.from(of) };
  });
}

function category(
  id: string,
  title: string,
  texts: readonly (string | null)[],
  known?: readonly string[],
): MapColour {
  const names = known ?? [...new Set(texts)].filter((text) => text !== null).sort();
  const place = new Map(names.map((name, k) => [name, k]));
  return {
    kind: 'category',
    id,
    title,
    names,
    codes: Int16Array.from(texts, (text) => place.get(text ?? '') ?? -1),
  };
}
