/** The architectures that exist, by timm's names. A new one is its file and one line here. */
import { closest } from 'fastest-levenshtein';
import { OverreadError } from '../base/errors';
import { alexnet } from './alexnet';
import type { Architecture } from './architecture';
import { corodet } from './corodet';
import { densenet121, densenet169, densenet201 } from './densenet';
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
import { resnet101, resnet18, resnet34, resnet50 } from './resnet';
import { vgg11, vgg16, vgg19 } from './vgg';

const registry: readonly Architecture[] = [
  densenet121,
  densenet169,
  densenet201,
  inceptionV3,
  inceptionV4,
  resnet18,
  resnet34,
  resnet50,
  resnet101,
  efficientnetB0,
  efficientnetB1,
  efficientnetB2,
  efficientnetB3,
  efficientnetLite0,
  mobilenetV2,
  mobilenetV3Small,
  mobilenetV3Large,
  mnasnet100,
  vgg11,
  vgg16,
  vgg19,
  alexnet,
  corodet,
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
