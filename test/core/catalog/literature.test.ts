import { describe, expect, it } from 'vitest';
import { architectureNames } from '../../../src/core/networks';
import {
  cautionOf,
  conclusions,
  literature,
  statementsAbout,
  usesInShort,
  usesOf,
  withoutStudy,
} from '../../../src/core/catalog/literature';
import { sources } from '../../../src/core/catalog/sources';

describe('every architecture', () => {
  it.each(architectureNames)('%s has a use or a finding, or is said to have none', (name) => {
    // A new architecture needs a statement in literature.ts, or its name in `withoutStudy`.
    expect(usesOf(name).length > 0).toBe(!withoutStudy.includes(name));
    expect(usesInShort(name)).toMatch(withoutStudy.includes(name) ? /^no study known to us$/ : /\w/);
  });
});

describe('the names of the field', () => {
  it.each(
    (
      'alexnet vgg11 vgg16 vgg19 inception_v3 inception_v4 densenet121 densenet169 densenet201 resnet18 resnet34 ' +
      'resnet50 resnet101 mnasnet_100 efficientnet_b0 efficientnet_b1 efficientnet_b2 efficientnet_b3 ' +
      'mobilenetv2_100 mobilenetv3_small_100 mobilenetv3_large_100 corodet'
    ).split(' '),
  )('%s is known, here or not yet', (name) => {
    expect(usesOf(name).length).toBeGreaterThan(0);
    expect(withoutStudy).not.toContain(name);
  });

  it.each([
    ['alexnet', ['the brain', 'brain MRI', 'breast X-rays'], /advice: prefer DenseNet or Inception/],
    ['vgg11', ['the eye', 'the skin', 'teeth', 'fundus photographs', 'OCT'], /advice/],
    ['vgg19', ['teeth'], /advice/],
    [
      'inception_v3',
      ['the breast', 'ultrasound', 'skin lesions (Esteva)', 'retinal OCT (Kermany)'],
      /nothing over random/,
    ],
    ['inception_v4', ['the breast', 'skeletal X-rays'], /nothing over random/],
    ['densenet121', ['the lungs', 'chest X-rays (CheXNet)'], null],
    ['densenet201', ['the lungs'], null],
    ['resnet18', ['compared on chest X-rays (CheXtransfer)'], null],
    ['resnet50', ['compared on chest X-rays (CheXtransfer)'], /nothing over random/],
    ['mnasnet_100', [], /nothing over random.*\. Searched architectures/],
    ['efficientnet_b3', [], /^Searched architectures/],
    ['tf_efficientnet_b0', [], /^Searched architectures/],
    ['mobilenetv3_small_100', [], /^Searched architectures/],
    ['tf_efficientnet_lite0', [], /it was not compared itself$/],
    ['corodet', ['COVID-19 on chest X-rays (its own paper)'], null],
  ])('%s', (name, short, caution) => {
    const found = usesInShort(name).split(', ');
    for (const use of short) expect(found).toContain(use);
    if (caution === null) expect(cautionOf(name)).toBeNull();
    else expect(cautionOf(name)!.text).toMatch(caution);
  });

  it('are not taken for one another', () => {
    expect(
      statementsAbout('densenet121').some(({ architectures }) => architectures?.includes('inception_v3')),
    ).toBe(false);
    expect(usesOf('densenet169').map(({ source }) => source)).not.toContain(sources.chexnet.cite);
    expect(usesInShort('no_such_net')).toBe('no study known to us');
  });
});

describe('every statement', () => {
  it('names its source and whom it is about', () => {
    for (const { text, families, architectures = [] } of literature) {
      expect(text).toMatch(/^[A-Z].*[^.]$/);
      expect(families.length + architectures.length, text).toBeGreaterThan(0);
    }
    const cited = new Set([...literature, ...conclusions].map(({ source }) => source));
    expect([...cited].sort()).toEqual(Object.keys(sources).sort());
  });

  it('can be looked up', () => {
    for (const { url, title, published } of Object.values(sources)) {
      expect(url).toMatch(/^https:\/\/(arxiv\.org\/abs\/\d{4}\.\d{5}|doi\.org\/10\.\d+\/\S+)$/);
      expect(title.length).toBeGreaterThan(20);
      expect(published).toMatch(/\d{4}|\d+:\d+/);
    }
  });

  it('gives the figures of the scoping review', () => {
    const shares = literature.flatMap(
      ({ text }) => /of (?!121)(.*) \((\d+) %/.exec(text)?.slice(1, 3).join(' ') ?? [],
    );
    expect([...new Set(shares)].sort()).toEqual(
      [
        'the breast 50',
        'the eye 44',
        'the skin 50',
        'teeth 57',
        'the brain 42',
        'the lungs 38',
        'ultrasound 55',
        'endoscopy 57',
        'skeletal X-rays 57',
        'fundus photographs 42',
        'OCT 50',
        'brain MRI 36',
        'breast X-rays 50',
      ].sort(),
    );
  });
});
