import { describe, expect, it } from 'vitest';
import { anatomies, modalities } from '../../../src/core/config/configSchema';
import type { Anatomy, Modality } from '../../../src/core/catalog/literature';
import { sources } from '../../../src/core/catalog/sources';
import { suggest } from '../../../src/core/catalog/suggest';

/** As timm and torchvision name what the issue lists, and in the order in which no family comes first by luck. */
const available = [
  'alexnet',
  'vgg16',
  'resnet50',
  'inception_v4',
  'inception_v3',
  'densenet169',
  'densenet121',
];

const suggestFor = (modality: Modality | null, anatomy: Anatomy | null, trainingSamples = 500) =>
  suggest({ modality, anatomy, trainingSamples }, available);

describe('what the literature says of such images', () => {
  it.each<[Modality | null, Anatomy | null, string, RegExp]>([
    ['x-ray', 'lungs', 'densenet121', /^DenseNet-121 detected pneumonia/],
    [null, 'lungs', 'densenet121', /^DenseNet was the most used in studies of the lungs \(38 % of them\)$/],
    ['ct', 'lungs', 'densenet121', /studies of the lungs/],
    [null, 'breast', 'inception_v3', /^Inception .* the breast \(50 % of them\)$/],
    ['histopathology', 'breast', 'inception_v3', /the breast/],
    ['ultrasound', null, 'inception_v3', /ultrasound \(55 % of them\)$/],
    ['ultrasound', 'heart', 'inception_v3', /ultrasound/],
    // How an image is taken says more than what it shows.
    ['ultrasound', 'brain', 'inception_v3', /ultrasound/],
    ['endoscopy', 'abdomen', 'inception_v3', /endoscopy \(57 % of them\)$/],
    ['x-ray', 'bone', 'inception_v3', /skeletal X-rays \(57 % of them\)$/],
  ])('%s of %s: %s', (modality, anatomy, architecture, text) => {
    const suggestion = suggestFor(modality, anatomy)!;
    expect(suggestion.architecture).toBe(architecture);
    expect(suggestion.because.text).toMatch(text);
  });

  it.each<[Modality | null, Anatomy | null, string, RegExp, RegExp]>([
    [
      'fundus',
      'eye',
      'inception_v3',
      /^VGG .* fundus photographs \(42 % of them\)\./,
      /retinopathy.*Gulshan/,
    ],
    ['fundus', null, 'inception_v3', /^VGG .* fundus photographs/, /Gulshan/],
    ['oct', null, 'inception_v3', /^VGG .* OCT \(50 % of them\)\./, /retinal diseases on OCT \(Kermany/],
    [null, 'eye', 'inception_v3', /^VGG .* the eye \(44 % of them\)\./, /Gulshan/],
    [null, 'skin', 'inception_v3', /^VGG .* the skin \(50 % of them\)\./, /skin lesions.*Esteva/],
    ['dermoscopy', null, 'inception_v3', /^VGG .* the skin/, /Esteva/],
    [
      'mammography',
      null,
      'inception_v3',
      /^AlexNet .* breast X-rays \(50 % of them\)\./,
      /the breast \(50 % of them\)$/,
    ],
    ['x-ray', 'breast', 'inception_v3', /^AlexNet .* breast X-rays/, /the breast/],
    ['mri', 'brain', 'densenet121', /^AlexNet .* brain MRI \(36 % of them\)\./, /smaller of the two$/],
    [null, 'brain', 'densenet121', /^AlexNet .* the brain \(42 % of them\)\./, /smaller of the two$/],
    ['photograph', 'tooth', 'densenet121', /^VGG .* teeth \(57 % of them\)\./, /smaller of the two$/],
  ])('%s of %s: not what was most used, but %s', (modality, anatomy, architecture, used, instead) => {
    const { architecture: found, because } = suggestFor(modality, anatomy)!;
    expect(found).toBe(architecture);
    expect(because.text).toMatch(used);
    expect(because.text).toContain("Overread's advice is DenseNet or Inception instead");
    expect(because.text).toMatch(instead);
  });

  it('says so where it says nothing', () => {
    expect(suggestFor('ct', 'heart')).toMatchObject({
      architecture: 'inception_v3',
      because: {
        text: expect.stringMatching(/^No study of such images is known to us\. .*121 studies/) as string,
        source: 'Kim et al. 2022',
      },
    });
  });

  it('is silent where neither is given', () => {
    expect(suggestFor(null, null)).toBeNull();
  });
});

describe('every combination', () => {
  const combinations = [null, ...modalities].flatMap((modality) =>
    [null, ...anatomies].flatMap((anatomy) =>
      [0, 999, 1000, 100_000].map((samples) => [modality, anatomy, samples] as const),
    ),
  );

  it('is answered alike each time, with a source, never by AlexNet or VGG', () => {
    const cited = Object.values(sources).map(({ cite, url }) => `${cite} ${url}`);
    const answered = combinations.filter(([modality, anatomy]) => modality !== null || anatomy !== null);
    expect(answered.length).toBe((12 * 10 - 1) * 4);
    for (const [modality, anatomy, samples] of answered) {
      const at = `${modality ?? '–'} ${anatomy ?? '–'} ${samples}`;
      const suggestion = suggestFor(modality, anatomy, samples)!;
      expect(['densenet121', 'inception_v3'], at).toContain(suggestion.architecture);
      expect(cited, at).toContain(`${suggestion.because.source} ${suggestion.because.url}`);
      expect(suggestion.because.text, at).toMatch(/^\S.*[^.]$/);
      expect(suggestion.trainingSamples).toBe(samples);
      expect(suggestion.train, at).toBe(samples < 1000 ? 'last layer' : 'last block');
      expect(suggestFor(modality, anatomy, samples), at).toEqual(suggestion);
    }
  });

  it('is answered by something that exists, whatever exists', () => {
    for (const only of ['densenet121', 'resnet18', 'vgg11']) {
      for (const [modality, anatomy, samples] of combinations) {
        const found = suggest({ modality, anatomy, trainingSamples: samples }, [only]);
        if (modality !== null || anatomy !== null) expect(found!.architecture).toBe(only);
      }
    }
  });
});
