/**
 * Published data sets that weights are trained on, and how their images are named: what tells that a project holds
 * some of them. A pattern is looked for only when the weights are said to be trained on its data set, so a name
 * that others could have as well (VinDr's hashes) does no harm.
 */
import type { Sample } from './model';

interface KnownDataset {
  readonly name: string;
  /** Other ways to write it, lower case, without spaces and signs. */
  readonly aliases: readonly string[];
  /** In a path or id with POSIX separators, as the data set itself writes it; the ending may differ. */
  readonly images: RegExp;
  /** The data set that its images were taken from, to get other names. */
  readonly from?: string;
}

const known: readonly KnownDataset[] = [
  {
    // Wang et al. 2017: 00000013_005.png, patient and number of the study.
    name: 'NIH ChestX-ray14',
    aliases: ['nih', 'chestxray14', 'chestxray8', 'cxr14', 'cxr8', 'nihcxr', 'nihchestxrays', 'nihchestxray'],
    images: /(?:^|[/_-])\d{8}_\d{3}(?:\.\w+)?$/,
  },
  {
    // Shih et al. 2019: 30,000 images of NIH ChestX-ray14 under new names, lower-case UUIDs.
    name: 'RSNA Pneumonia Detection Challenge',
    aliases: ['rsna', 'rsnapneumonia', 'rsnapneumoniadetection', 'rsnapneumoniachallenge'],
    images: /(?:^|\/)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?:\.\w+)?$/,
    from: 'NIH ChestX-ray14',
  },
  {
    // Filice et al. 2020: images of NIH ChestX-ray14 under DICOM's identifiers.
    name: 'SIIM-ACR Pneumothorax',
    aliases: ['siim', 'siimacr', 'siimacrpneumothorax', 'siimpneumothorax'],
    images: /(?:^|\/)1\.2\.276\.0\.7230010\.3\.1\.4\.8323329\.\d+\.\d+\.\d+(?:\.[a-z]+)?$/,
    from: 'NIH ChestX-ray14',
  },
  {
    // Irvin et al. 2019: patient00001/study1/view1_frontal.jpg.
    name: 'CheXpert',
    aliases: ['chexpert', 'chex', 'chexpertplus', 'chexpertsmall'],
    images: /(?:^|\/)patient\d{5,}\/study\d+\/view\d+_(?:frontal|lateral)(?:\.\w+)?$/,
  },
  {
    // Johnson et al. 2019: p10/p10000032/s50414267/02aa804e-bde0afdd-112c0b34-7bc16630-4e384014.dcm.
    name: 'MIMIC-CXR',
    aliases: ['mimic', 'mimiccxr', 'mimiccxrjpg', 'mimicch', 'mimicnb'],
    images: /(?:^|\/)p\d{8}\/s\d{8}(?:\/|$)|(?:^|\/)[0-9a-f]{8}(?:-[0-9a-f]{8}){4}(?:\.\w+)?$/,
  },
  {
    // Bustos et al. 2020: 216840111366964012283393834152009043102258826_00-019-053.png.
    name: 'PadChest',
    aliases: ['padchest', 'pc', 'bimcvpadchest'],
    images: /(?:^|\/)\d{20,}_\d{2}-\d{3}-\d{3}(?:\.\w+)?$/,
  },
  {
    // Nguyen et al. 2022: the MD5 of the study as 32 digits.
    name: 'VinDr-CXR',
    aliases: ['vindr', 'vindrcxr', 'vinbigdata', 'vinbig'],
    images: /(?:^|\/)[0-9a-f]{32}(?:\.\w+)?$/,
  },
  {
    // Demner-Fushman et al. 2016: CXR1_1_IM-0001-3001.png, or 1_IM-0001-3001.dcm.png.
    name: 'Open-I (Indiana University)',
    aliases: ['openi', 'indiana', 'iuxray', 'indianauniversity', 'iucxr'],
    images: /(?:^|\/)(?:CXR)?\d+_(?:\d_)?IM-\d{4}-\d{4,}/,
  },
  {
    // Shiraishi et al. 2000: JPCLN001.png with, JPCNN001.png without a nodule.
    name: 'JSRT',
    aliases: ['jsrt'],
    images: /(?:^|\/)JPC[LN]N\d{3}(?:\.\w+)?$/,
  },
  {
    // Jaeger et al. 2014: CHNCXR_0001_0.png, MCUCXR_0001_0.png.
    name: 'Shenzhen and Montgomery',
    aliases: ['shenzhen', 'montgomery', 'nlmtb'],
    images: /(?:^|\/)(?:CHN|MCU)CXR_\d{4}_[01](?:\.\w+)?$/,
  },
  {
    // Rajpurkar et al. 2018: XR_WRIST/patient00006/study1_positive/image1.png.
    name: 'MURA',
    aliases: ['mura'],
    images: /(?:^|\/)patient\d{5}\/study\d+_(?:positive|negative)\//,
  },
  {
    // ISIC archive: ISIC_0024306.jpg.
    name: 'ISIC',
    aliases: ['isic', 'isic2016', 'isic2017', 'isic2018', 'isic2019', 'isic2020', 'isic2024', 'isicarchive'],
    images: /(?:^|\/)ISIC_\d{7}(?:_downsampled)?(?:\.\w+)?$/,
  },
  {
    // Tschandl et al. 2018: in the ISIC archive, ISIC_0024306 to ISIC_0034320.
    name: 'HAM10000',
    aliases: ['ham10000', 'ham10k'],
    images:
      /(?:^|\/)ISIC_00(?:2430[6-9]|243[1-9]\d|24[4-9]\d\d|2[5-9]\d{3}|3[0-3]\d{3}|34[0-2]\d\d|343[01]\d|34320)(?:\.\w+)?$/,
  },
  {
    // Kaggle 2015: 10_left.jpeg.
    name: 'EyePACS',
    aliases: ['eyepacs', 'kaggledr', 'diabeticretinopathydetection'],
    images: /(?:^|\/)\d+_(?:left|right)(?:\.\w+)?$/,
  },
  {
    // Kermany et al. 2018: CNV-1016042-1.jpeg.
    name: 'Kermany OCT',
    aliases: ['kermany', 'kermanyoct', 'oct2017', 'octmnist'],
    images: /(?:^|\/)(?:CNV|DME|DRUSEN|NORMAL)-\d+-\d+(?:\.\w+)?$/,
  },
];

/** Samples of a project that look like one of those that weights were trained on. */
export interface Overlap {
  /** The data set as it was declared. */
  readonly declared: string;
  /** What they look like: the data set itself, one taken from it, or the one that it was taken from. */
  readonly dataset: string;
  readonly samples: number;
  /** Why, for people: `files are named like 00000013_005.png`. */
  readonly because: string;
}

/** What a project is called: its name, table, folders. Relative, without the machine's own folders. */
export type ProjectNames = readonly string[];

/**
 * Looks for images of the declared data sets in a project: by its names, by the folders of its images, by the names
 * of its images. Linear in the samples for each declared data set.
 */
export function findOverlaps(
  declared: readonly string[],
  names: ProjectNames,
  samples: readonly Sample[],
): readonly Overlap[] {
  return declared.flatMap((name) => {
    const own = recognise(name);
    const related = known.filter((other) => other.from === own?.name || other.name === own?.from);
    const wanted = own ? [own, ...related] : [{ name, aliases: [squash(name)], images: undefined }];
    return wanted.flatMap((dataset) => {
      const found = findIn(dataset, names, samples);
      return found === null ? [] : [{ declared: name, dataset: dataset.name, ...found }];
    });
  });
}

function recognise(name: string): KnownDataset | undefined {
  const written = squash(name);
  return known.find((dataset) => squash(dataset.name) === written || dataset.aliases.includes(written));
}

interface Wanted {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly images: RegExp | undefined;
}

function findIn(
  dataset: Wanted,
  names: ProjectNames,
  samples: readonly Sample[],
): { readonly samples: number; readonly because: string } | null {
  const calls = [squash(dataset.name), ...dataset.aliases].filter((alias) => alias !== '');
  const named = names.find((name) => name.split('/').some((segment) => mentions(segment, calls)));
  if (named !== undefined) return { samples: samples.length, because: `the project names it: ${named}` };
  let count = 0;
  let because = '';
  // Names of folders repeat: each is read once (CheXpert's 223,414 paths: 0.2 s instead of 2.4 s).
  const segments = new Map<string, boolean>();
  const isCalled = (segment: string): boolean => {
    const called = segments.get(segment) ?? mentions(segment, calls);
    segments.set(segment, called);
    return called;
  };
  for (const { path, id } of samples) {
    const parts = path.split('/');
    parts.pop();
    const byName = dataset.images?.test(path) === true || (id !== path && dataset.images?.test(id) === true);
    const folder = byName ? undefined : parts.find(isCalled);
    if (!byName && folder === undefined) continue;
    count++;
    if (because === '')
      because =
        folder === undefined ? `names like ${shown(dataset.images, path, id)}` : `the folder ${folder}`;
  }
  return count === 0 ? null : { samples: count, because };
}

/** The part of the name that the pattern finds. */
function shown(images: RegExp | undefined, path: string, id: string): string {
  const found = images?.exec(path) ?? images?.exec(id);
  return (found?.[0] ?? path).replace(/^[/_-]/, '');
}

/** Letters and digits alone, lower case. */
function squash(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '');
}

/** A short name must stand alone ("pc" is in many words), a long one may have a version behind it. */
const standsForItself = 6;

function mentions(segment: string, calls: readonly string[]): boolean {
  const whole = squash(segment);
  if (!calls.some((call) => whole.includes(call))) return false;
  const words = segment.toLowerCase().split(/[^\p{L}\p{N}]+/u);
  return calls.some(
    (call) =>
      whole === call || words.includes(call) || (call.length >= standsForItself && whole.includes(call)),
  );
}
