/**
 * What the literature says of the architectures, one statement a record. A statement that names a modality or an
 * anatomy is about images of that kind; one that names both is about images for which both hold.
 */
import type { anatomies, modalities } from '../config/configSchema';
import { isOfFamily, type LiteratureFamily } from './families';
import type { Use } from './model';
import { sources, type SourceName } from './sources';

export type Modality = (typeof modalities)[number];
export type Anatomy = (typeof anatomies)[number];

export interface Statement {
  readonly source: SourceName;
  /** A whole sentence or two, without a full stop at the end. */
  readonly text: string;
  /** The same in a few words, for tables; absent where it would say nothing of use there. */
  readonly short?: string;
  /**
   * `use`: studies used it for such images. `finding`: how it fared in a comparison. `caution`: what speaks
   * against it.
   */
  readonly kind: 'use' | 'finding' | 'caution';
  /** Whom it is about: families, or single architectures. */
  readonly families: readonly LiteratureFamily[];
  readonly architectures?: readonly string[];
  readonly modality?: Modality;
  readonly anatomy?: Anatomy;
}

type Kind = Pick<Statement, 'modality' | 'anatomy'>;

/** The scoping review counts studies until January 2020; a share is of the studies on such images. */
const mostUsed = (family: LiteratureFamily, images: string, percent: number, kind: Kind): Statement => ({
  source: 'review',
  text: `${family} was the most used in studies of ${images} (${percent} % of them)`,
  short: images,
  kind: 'use',
  families: [family],
  ...kind,
});

const study = (
  source: SourceName,
  architecture: string,
  text: string,
  short: string,
  kind: Kind,
): Statement => ({
  source,
  text,
  short,
  kind: 'use',
  families: [],
  architectures: [architecture],
  ...kind,
});

export const literature: readonly Statement[] = [
  mostUsed('Inception', 'the breast', 50, { anatomy: 'breast' }),
  mostUsed('VGG', 'the eye', 44, { anatomy: 'eye' }),
  mostUsed('VGG', 'the skin', 50, { anatomy: 'skin' }),
  mostUsed('VGG', 'teeth', 57, { anatomy: 'tooth' }),
  mostUsed('AlexNet', 'the brain', 42, { anatomy: 'brain' }),
  mostUsed('DenseNet', 'the lungs', 38, { anatomy: 'lungs' }),
  mostUsed('Inception', 'ultrasound', 55, { modality: 'ultrasound' }),
  mostUsed('Inception', 'endoscopy', 57, { modality: 'endoscopy' }),
  mostUsed('Inception', 'skeletal X-rays', 57, { modality: 'x-ray', anatomy: 'bone' }),
  mostUsed('VGG', 'fundus photographs', 42, { modality: 'fundus' }),
  mostUsed('VGG', 'OCT', 50, { modality: 'oct' }),
  mostUsed('AlexNet', 'brain MRI', 36, { modality: 'mri', anatomy: 'brain' }),
  mostUsed('AlexNet', 'breast X-rays', 50, { modality: 'mammography' }),
  mostUsed('AlexNet', 'breast X-rays', 50, { modality: 'x-ray', anatomy: 'breast' }),
  study(
    'chexnet',
    'densenet121',
    'DenseNet-121 detected pneumonia and 13 further findings on more than 100,000 chest X-rays (ChestX-ray14)',
    'chest X-rays (CheXNet)',
    { modality: 'x-ray', anatomy: 'lungs' },
  ),
  study(
    'esteva',
    'inception_v3',
    'Inception V3 classified skin lesions on par with dermatologists, trained on 129,450 clinical images',
    'skin lesions (Esteva)',
    { anatomy: 'skin' },
  ),
  study(
    'gulshan',
    'inception_v3',
    'Inception V3 detected diabetic retinopathy in fundus photographs',
    'diabetic retinopathy (Gulshan)',
    { anatomy: 'eye' },
  ),
  study(
    'kermany',
    'inception_v3',
    'Inception V3 with ImageNet weights diagnosed retinal diseases on OCT',
    'retinal OCT (Kermany)',
    { modality: 'oct' },
  ),
  {
    source: 'corodet',
    text: 'Proposed for COVID-19 on chest X-rays and CT; no weights of it are known to us',
    short: 'COVID-19 on chest X-rays (its own paper)',
    kind: 'use',
    families: ['CoroDet'],
    anatomy: 'lungs',
  },
  {
    source: 'chextransfer',
    text:
      'Compared on CheXpert: the family matters more than the size within it, and how well a network does on ' +
      'ImageNet says nothing of how well it does on chest X-rays. ImageNet weights help, most of all small ' +
      'networks',
    short: 'compared on chest X-rays (CheXtransfer)',
    kind: 'finding',
    families: ['ResNet', 'DenseNet', 'Inception', 'EfficientNet', 'MobileNet', 'MNASNet'],
  },
  {
    source: 'chextransfer',
    text: 'ImageNet weights brought it nothing over random ones on CheXpert, where all of the network was trained',
    kind: 'caution',
    families: ['Inception', 'MNASNet'],
    architectures: ['resnet50'],
  },
  {
    source: 'chextransfer',
    text: 'Searched architectures (EfficientNet, MobileNet, MNASNet) did worse on CheXpert than DenseNet, ResNet and Inception',
    kind: 'caution',
    families: ['EfficientNet', 'MobileNet', 'MNASNet'],
  },
  {
    source: 'chextransfer',
    text: 'Its relatives EfficientNet-B0 to B3 did worse on CheXpert than DenseNet, ResNet and Inception; it was not compared itself',
    kind: 'caution',
    families: ['EfficientNet-Lite'],
  },
  {
    source: 'kim',
    text:
      "Overread's advice: prefer DenseNet or Inception. A review of 121 studies encourages deep models such as " +
      'ResNet or Inception as feature extractors',
    kind: 'caution',
    families: ['AlexNet', 'VGG'],
  },
];

/**
 * Conclusions that are about no single architecture: docs/models.md shows them where cutting and random weights are
 * explained.
 * @public
 */
export const conclusions: readonly Pick<Statement, 'source' | 'text'>[] = [
  {
    source: 'chextransfer',
    text:
      'Networks with ImageNet weights whose last blocks were cut off had 3.25 times fewer parameters on average, ' +
      'without a statistically significant loss on CheXpert',
  },
  {
    source: 'transfusion',
    text:
      'On two large medical tasks transfer from ImageNet brought little, and small, simple networks did about as ' +
      'well as the standard ones',
  },
];

/**
 * Architectures for which a study was looked for and none is known to us; docs/models.md lists them.
 * @public
 */
export const withoutStudy: readonly string[] = ['tf_efficientnet_lite0'];

/** Every statement about an architecture, in the order in which they stand here. */
export function statementsAbout(architecture: string): readonly Statement[] {
  return literature.filter(
    ({ families, architectures = [] }) =>
      architectures.includes(architecture) || families.some((family) => isOfFamily(architecture, family)),
  );
}

/** What the literature used it for and how it fared, without what speaks against it. */
export function usesOf(architecture: string): readonly Use[] {
  return statementsAbout(architecture)
    .filter(({ kind }) => kind !== 'caution')
    .filter(({ text }, i, all) => all.findIndex((other) => other.text === text) === i)
    .map(toUse);
}

/** What speaks against it, in one; null: nothing known to us. */
export function cautionOf(architecture: string): Use | null {
  const cautions = statementsAbout(architecture).filter(({ kind }) => kind === 'caution');
  const [first] = cautions;
  if (!first) return null;
  const alike = cautions.filter(({ source }) => source === first.source);
  return { ...toUse(first), text: alike.map(({ text }) => text).join('. ') };
}

/** The uses in a few words, for a column of a table: `the eye, fundus photographs`. */
export function usesInShort(architecture: string): string {
  const short = statementsAbout(architecture).flatMap((statement) => statement.short ?? []);
  return short.length === 0 ? 'no study known to us' : [...new Set(short)].join(', ');
}

export function toUse({ source, text }: Pick<Statement, 'source' | 'text'>): Use {
  return { text, source: sources[source].cite, url: sources[source].url };
}
