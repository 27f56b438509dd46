/** Families as the literature names them, told by the architecture's name. */

const prefixes = {
  AlexNet: /^alexnet/,
  VGG: /^vgg/,
  Inception: /^inception_v/,
  DenseNet: /^densenet/,
  ResNet: /^resnet/,
  MNASNet: /^mnasnet/,
  MobileNet: /^mobilenet/,
  EfficientNet: /^(tf_)?efficientnet_b/,
  'EfficientNet-Lite': /^(tf_)?efficientnet_lite/,
  CoroDet: /^corodet/,
} as const;

export type LiteratureFamily = keyof typeof prefixes;

/** Whether an architecture, by timm's or torchvision's name, is of that family. */
export function isOfFamily(architecture: string, family: LiteratureFamily): boolean {
  return prefixes[family].test(architecture);
}

/** What stands for a family when one of its members has to be named: the one that the studies used. */
const representatives: Readonly<Partial<Record<LiteratureFamily, string>>> = {
  Inception: 'inception_v3',
  DenseNet: 'densenet121',
};

/** The member of the family that is suggested, if it is among the architectures that exist. */
export function representative(family: LiteratureFamily, available: readonly string[]): string | undefined {
  const preferred = representatives[family];
  if (preferred !== undefined && available.includes(preferred)) return preferred;
  return available.find((name) => isOfFamily(name, family));
}
