/** Images in one folder whose names say the class: `CHNCXR_0001_0.png`, `benign (12).png`. */
import { extractPattern } from '../base/linearPattern';
import { imageExtensionOf } from '../images/imageNames';
import { naturally } from '../images/imageTree';

/** Where names say it, the last part first. */
const patterns = [
  '[-_]([A-Za-z]+|\\d)\\.[A-Za-z]+$',
  '(?:^|/)([A-Za-z]+(?:[-_][A-Za-z]+)*)[-_ (]*\\d[^/]*$',
] as const;

/** More distinct texts than this are no classes. */
const mostClasses = 20;
/** Images of each class, at least: what is drawn by lot seldom repeats. */
const fewestOfOne = 2;

/** A pattern that finds a class in every name, and the classes with their numbers of images. */
export interface ClassesInNames {
  readonly pattern: string;
  readonly classes: readonly (readonly [name: string, images: number])[];
}

/** @param files paths with POSIX separators */
export function classesInNames(files: readonly string[]): ClassesInNames | undefined {
  const images = files.filter((file) => imageExtensionOf(file) !== '');
  for (const pattern of patterns) {
    const counts = new Map<string, number>();
    for (const text of extractPattern(pattern, images)) {
      if (text === null) break;
      counts.set(text, (counts.get(text) ?? 0) + 1);
    }
    const found = [...counts.values()].reduce((sum, count) => sum + count, 0);
    if (found < images.length || counts.size < 2 || counts.size > mostClasses) continue;
    if ([...counts.values()].some((count) => count < fewestOfOne)) continue;
    return { pattern, classes: [...counts].sort(([a], [b]) => naturally(a, b)) };
  }
  return undefined;
}
