/** Which architecture a project's images suggest, and how much of it is worth training. */
import { representative, type LiteratureFamily } from './families';
import { literature, toUse, type Anatomy, type Modality, type Statement } from './literature';
import type { Suggestion, Use } from './model';
import { sources } from './sources';
import { present } from '../base/present';

export interface ProjectFacts {
  readonly modality: Modality | null;
  readonly anatomy: Anatomy | null;
  /** Samples of the training part. */
  readonly trainingSamples: number;
}

/** Below this many training samples the last layer alone is worth training: a rule of thumb, no finding. */
export const fewSamples = 1000;

/** Families that the literature uses most and that the advice is against. */
const discouraged: readonly LiteratureFamily[] = ['AlexNet', 'VGG'];

/** Modalities that exist for one part of the body. */
const impliedAnatomy: Readonly<Partial<Record<Modality, Anatomy>>> = {
  mammography: 'breast',
  fundus: 'eye',
  oct: 'eye',
  dermoscopy: 'skin',
};

/**
 * Takes the most specific statement about such images: modality and anatomy before modality before anatomy. Where
 * the literature used AlexNet or VGG most, it says so and takes the next that names another family, else DenseNet.
 * @param available names of the architectures that exist; at least one
 * @returns null where neither modality nor anatomy is known
 */
export function suggest(facts: ProjectFacts, available: readonly string[]): Suggestion | null {
  const { modality, trainingSamples } = facts;
  const anatomy = facts.anatomy ?? (modality === null ? null : (impliedAnatomy[modality] ?? null));
  if (modality === null && anatomy === null) return null;
  const choice = choose(matching(modality, anatomy), available) ?? unknownKind(available);
  const train = trainingSamples < fewSamples ? 'last layer' : 'last block';
  return { ...choice, train, trainingSamples };
}

type Choice = Pick<Suggestion, 'architecture' | 'because'>;

/** Statements about such images, the most specific first. */
function matching(modality: Modality | null, anatomy: Anatomy | null): readonly Statement[] {
  const specificity = (statement: Statement) =>
    (statement.modality === undefined ? 0 : 2) + (statement.anatomy === undefined ? 0 : 1);
  return literature
    .filter(({ kind }) => kind === 'use')
    .filter((statement) => specificity(statement) > 0)
    .filter((statement) => statement.modality === undefined || statement.modality === modality)
    .filter((statement) => statement.anatomy === undefined || statement.anatomy === anatomy)
    .toSorted((a, b) => specificity(b) - specificity(a));
}

function choose(statements: readonly Statement[], available: readonly string[]): Choice | undefined {
  const [first] = statements;
  if (!first) return undefined;
  if (!isDiscouraged(first)) return { architecture: memberOf(first, available), because: toUse(first) };
  const other = statements.find((statement) => !isDiscouraged(statement));
  const advice = "Overread's advice is DenseNet or Inception instead";
  if (other) {
    const source = other.source === first.source ? '' : ` (${sources[other.source].cite})`;
    return {
      architecture: memberOf(other, available),
      because: extend(first, `${advice}: ${other.text}${source}`),
    };
  }
  return {
    architecture: representative('DenseNet', available) ?? firstOf(available),
    because: extend(first, `${advice}; DenseNet-121 is the smaller of the two`),
  };
}

/** For images of a kind that no statement is about. */
function unknownKind(available: readonly string[]): Choice {
  const text =
    'No study of such images is known to us. A review of 121 studies of medical images encourages deep models ' +
    'such as ResNet or Inception as feature extractors';
  return {
    architecture: representative('Inception', available) ?? firstOf(available),
    because: toUse({ source: 'kim', text }),
  };
}

function isDiscouraged({ families }: Statement): boolean {
  return families.some((family) => discouraged.includes(family));
}

/** The architecture that the statement names, or its family's; the first there is where they do not exist. */
function memberOf({ architectures = [], families }: Statement, available: readonly string[]): string {
  const members = families.flatMap((family) => representative(family, available) ?? []);
  return architectures.find((name) => available.includes(name)) ?? members[0] ?? firstOf(available);
}

function firstOf(available: readonly string[]): string {
  return present(available[0], 'an architecture');
}

function extend(statement: Statement, sentence: string): Use {
  const use = toUse(statement);
  return { ...use, text: `${use.text}. ${sentence}` };
}
