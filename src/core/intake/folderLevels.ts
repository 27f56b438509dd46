/** Which of the levels of folders are the classes, when parts, sites, patients or body parts have folders too. */
import { OverreadError } from '../base/errors';
import { parseSplit } from '../dataset/givenSplit';
import type { Split } from '../dataset/model';

/** More distinct names than this are no classes. */
const mostClasses = 100;
/** The share of images that lie in folders of a level, at least: unlabelled test images may be many. */
const fewestImages = 0.2;

export interface Level {
  /** How many folders stand above. */
  readonly index: number;
  /** The class of an image by its folders; undefined where it has none. */
  readonly labelOf: (folders: readonly string[]) => string | undefined;
  /** The part of a split that the folders of an image name, beside the class; null where they name none. */
  readonly partOf: (folders: readonly string[]) => Split | null;
  readonly because: string;
}

interface Names {
  readonly index: number;
  readonly names: ReadonlySet<string>;
  /** By the folders above. */
  readonly byParent: ReadonlyMap<string, ReadonlySet<string>>;
  /** Images that have a folder at this level. */
  readonly images: number;
}

/** Folders of studies that end with what was found in them, as in MURA: `study1_positive`. */
const studyFolder = /^(?:study|exam|case)[-_ ]?\w*?[-_ ](positive|negative|normal|abnormal)$/i;

/** Parts, folds, sites, batches, body parts: what stands above classes. */
const aboveClasses =
  /^(?:(?:fold|cv|site|cent(?:er|re)|hospital|clinic|cohort|batch|part|set|dataset|source|scanner|device|modality)s?[-_ ]?[a-z0-9]*|(?:xr[-_ ])?(?:chest|lungs?|breast|brain|eye|skin|tooth|bone|heart|abdomen|elbow|finger|forearm|hand|humerus|shoulder|wrist|knee|hip|spine|ankle|foot)s?)$/i;
/** Sides, views, planes and patients: what stands below classes. */
const belowClasses =
  /^(?:left|right|l|r|od|os|cc|mlo|ap|pa|lat(?:eral)?|frontal|axial|coronal|sagittal|images?|png|jpe?g|(?:patient|subject|sub|person|case|study|series|p)[-_ ]?\d+|\d+x?)$/i;
/** Grades and codes of classes: `0` to `4`. Patients have longer numbers. */
const grade = /^(?:class|grade|level|score)?[-_ ]?\d{1,2}$/i;

const allAre = (names: Iterable<string>, test: (name: string) => boolean): boolean => [...names].every(test);

/** The part of a split that a folder names, by itself or as one of its words: `train`, `auto_test`, `Training Set`. */
function folderPart(name: string): Split | null {
  const words = name.split(/[^\p{L}]+/u).flatMap((word) => parseSplit(word) ?? []);
  return parseSplit(name) ?? (words.length === 1 ? (words[0] ?? null) : null);
}

/**
 * The level of classes of some images. Folders that name parts of a split, sites or body parts are passed over, and so
 * is a folder that all images lie in; sides and patients are below classes. Of the others it is the level at which the
 * same names stand under different folders; where no names repeat, the uppermost.
 * @param images the folders above each image, from the top; at least one has some
 * @param asked the level that the user named, from 1
 * @throws OverreadError OVR104 where two levels could be the classes, or the one that was named has no folders
 */
export function classLevel(images: readonly (readonly string[])[], asked?: number): Level {
  const levels = levelsOf(images);
  const level = findLevel(images, levels, asked);
  return { ...level, partOf: (folders) => partBeside(folders, level.index, levels) };
}

/** The part of a split that the folders of an image name; null where they name none. @param images as in `classLevel` */
export function partsOfFolders(images: readonly (readonly string[])[]): Level['partOf'] {
  const levels = levelsOf(images);
  return (folders) => partBeside(folders, undefined, levels);
}

function levelsOf(images: readonly (readonly string[])[]): Names[] {
  const deepest = images.reduce((most, { length }) => Math.max(most, length), 0);
  return Array.from({ length: deepest }, (_, index) => namesAt(images, index));
}

/** In a level all of whose folders are parts a word is enough; elsewhere it is the whole name. */
function partBeside(
  folders: readonly string[],
  classes: number | undefined,
  levels: readonly Names[],
): Split | null {
  for (const [k, name] of folders.entries()) {
    if (k === classes) continue;
    const names = levels[k]?.names;
    const part = names && names.size > 1 && isParts(names) ? folderPart(name) : parseSplit(name);
    if (part) return part;
  }
  return null;
}

function findLevel(
  images: readonly (readonly string[])[],
  levels: readonly Names[],
  asked: number | undefined,
): Omit<Level, 'partOf'> {
  const ofStudies = levels.find(
    ({ names }) => names.size > 0 && [...names].every((name) => studyFolder.test(name)),
  );
  if (ofStudies) {
    return {
      index: ofStudies.index,
      labelOf: (folders) => studyFolder.exec(folders[ofStudies.index] ?? '')?.[1]?.toLowerCase(),
      because: 'the folders of studies end with it',
    };
  }
  if (asked !== undefined) return namedLevel(levels, asked);
  const isClass = ({ names, images: count }: Names): boolean =>
    names.size > 1 &&
    names.size <= mostClasses &&
    count >= fewestImages * images.length &&
    !isParts(names) &&
    !allAre(names, (name) => folderPart(name) !== null || aboveClasses.test(name)) &&
    !allAre(names, (name) => belowClasses.test(name));
  const [first, ...deeper] = levels.filter(isClass);
  const others = deeper.filter((level) => isRepeated(level) || isFiner(level));
  if (first && others.length > 0) throw severalLevels([first, ...others]);
  const chosen = first ?? levels.find(isOfGrades) ?? levels.find(({ names }) => !isParts(names)) ?? levels[0];
  if (!chosen) throw new Error('Images without folders have no classes');
  return levelOf(chosen, levels);
}

function namedLevel(levels: readonly Names[], asked: number): Omit<Level, 'partOf'> {
  const level = levels[asked - 1];
  if (level) return { ...levelOf(level, levels), because: 'you said so' };
  throw new OverreadError({
    code: 'OVR104',
    message: `There is no level ${asked} of folders`,
    expected: `a level from 1 to ${levels.length}`,
  });
}

function levelOf(chosen: Names, levels: readonly Names[]): Omit<Level, 'partOf'> {
  return {
    index: chosen.index,
    labelOf: (folders) => {
      const label = folders[chosen.index]?.trim().normalize('NFC');
      return label === '' ? undefined : label;
    },
    because: reason(chosen, levels),
  };
}

function severalLevels(levels: readonly Names[]): OverreadError {
  const some = ({ names }: Names): string =>
    `${[...names].slice(0, 4).join(', ')}${names.size > 4 ? ', …' : ''}`;
  const count = levels.length === 2 ? 'Two' : String(levels.length);
  const options = levels.map((level) => `--class-level ${level.index + 1} for ${some(level)}`);
  return new OverreadError({
    code: 'OVR104',
    message: `${count} levels of folders could be the classes: ${levels.map(some).join('; or ')}`,
    expected: 'one of them',
    fix: `Say which: ${options.join('; ')}.`,
  });
}

const isParts = (names: ReadonlySet<string>): boolean => allAre(names, (name) => folderPart(name) !== null);

/** The same grades under most of the folders above: patients with a folder for each grade, parts with them. */
function isOfGrades(level: Names): boolean {
  const { names, byParent } = level;
  return (
    names.size > 1 && allAre(names, (name) => grade.test(name)) && (byParent.size < 2 || isRepeated(level))
  );
}

/** Words, several under most folders: kinds of each class. Patients and slides have numbers. */
function isFiner({ names, byParent }: Names): boolean {
  const words = [...names].filter((name) => !/\d/.test(name) && !belowClasses.test(name));
  const crowded = [...byParent.values()].filter((under) => under.size > 1);
  return words.length >= 0.9 * names.size && crowded.length >= 0.5 * byParent.size;
}

function namesAt(images: readonly (readonly string[])[], index: number): Names {
  const names = new Set<string>();
  const byParent = new Map<string, Set<string>>();
  let count = 0;
  for (const folders of images) {
    const name = folders[index]?.trim();
    if (name === undefined) continue;
    count++;
    names.add(name);
    const parent = folders.slice(0, index).join('/');
    const known = byParent.get(parent);
    if (known) known.add(name);
    else byParent.set(parent, new Set([name]));
  }
  return { index, names, byParent, images: count };
}

/** Whether most of the names stand under several folders, and several under each: classes of each site. */
function isRepeated({ names, byParent }: Names): boolean {
  if (byParent.size < 2) return false;
  const parents = [...byParent.values()];
  const shared = [...names].filter((name) => parents.filter((under) => under.has(name)).length > 1);
  const crowded = parents.filter((under) => under.size > 1);
  return shared.length >= 0.5 * names.size && crowded.length >= 0.5 * parents.length;
}

function reason(chosen: Names, levels: readonly Names[]): string {
  const above = levels.slice(0, chosen.index).map(({ names }) => [...names]);
  if (above.length === 0) return `${chosen.names.size} folders`;
  const passed = above.map((names) => (names.length > 3 ? `${names.length} folders` : names.join(', ')));
  return `${chosen.names.size} folders below ${passed.join(' / ')}`;
}
