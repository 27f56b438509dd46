/** The architectures that exist, by timm's names. A new one is its file and one line here. */
import { closest } from 'fastest-levenshtein';
import { OverreadError } from '../../base/errors';
import type { Architecture } from './architecture';
import { densenet121 } from './densenet';
import {
  efficientnetB0,
  efficientnetB1,
  efficientnetB2,
  efficientnetB3,
  efficientnetLite0,
} from './efficientnet';
import { inceptionV3 } from './inceptionV3';
import { inceptionV4 } from './inceptionV4';
import { mnasnet100 } from './mnasnet';
import { mobilenetV2, mobilenetV3Large, mobilenetV3Small } from './mobilenet';

const registry: readonly Architecture[] = [
  densenet121,
  inceptionV3,
  inceptionV4,
  efficientnetB0,
  efficientnetB1,
  efficientnetB2,
  efficientnetB3,
  efficientnetLite0,
  mobilenetV2,
  mobilenetV3Small,
  mobilenetV3Large,
  mnasnet100,
];

/** What a project without the setting gets. */
export const defaultArchitecture = 'densenet121';

/** Names of all architectures, in the order in which they are offered. */
export const architectureNames: readonly string[] = registry.map((architecture) => architecture.name);

/** The architecture of that name; OVR500 with the nearest name when there is none. */
export function getArchitecture(name: string): Architecture {
  const found = registry.find((architecture) => architecture.name === name);
  if (found) return found;
  throw new OverreadError({
    code: 'OVR500',
    message: `Unknown architecture "${name}"`,
    expected: `one of ${architectureNames.join(', ')}`,
    fix: `Did you mean "${closest(name, architectureNames)}"?`,
  });
}
