/** How the architectures are shared out among test files, so that two can run side by side. */
import { architectureNames, getArchitecture } from '../../src/core/networks';

/** Families by file; the big networks stand in one, because two of them at once take too much memory. */
const groups = {
  big: ['VGG', 'AlexNet', 'CoroDet'],
  dense: ['DenseNet', 'ResNet'],
} as const;

/** The architectures of one test file; `rest` are all that no other file has. */
export function architecturesOf(group: keyof typeof groups | 'rest'): readonly string[] {
  const family = (name: string) => getArchitecture(name).family;
  if (group !== 'rest') {
    const families: readonly string[] = groups[group];
    return architectureNames.filter((name) => families.includes(family(name)));
  }
  const named: readonly string[] = Object.values(groups).flat();
  return architectureNames.filter((name) => !named.includes(family(name)));
}
