/** Runs in the page before it: plays VS Code and the extension host over a made-up comparison. */
import { checkedComparisonMethods, type ComparisonMethods } from '../../../src/protocol/comparisonApi';
import { comparedModel, comparison, sweep } from '../../support/comparisons';
import { playHost, type NoteCall } from './playHost';

const url = new URL(location.href);
const number = (name: string, usual: number): number => Number(url.searchParams.get(name) ?? usual);
const families = ['resnet50', 'tf_efficientnet_b3', 'inception_v4', 'mobilenetv3_large_100', 'densenet201'];

function madeUp(): ReturnType<typeof comparison> {
  const count = number('models', 4);
  if (url.searchParams.get('kind') === 'sweep') return sweep(count, url.searchParams.get('random') === '1');
  const models = Array.from({ length: count }, (_, i) =>
    comparedModel({
      architecture: families[i % families.length]!,
      random: i % 3 === 2,
      auroc: 0.93 - 0.35 * (i / Math.max(1, count)) ** 2,
      parameters: 3_000_000 * (1 + ((i * 7) % 11)),
      ...(i === 1
        ? {
            label:
              'densenet121.file-0123456789ab_of_a_hospital_with_a_long_name_2026 up to denseblock4 (random)',
          }
        : {}),
      ...(i === 3 ? { label: '<img src=x onerror=alert(1)>' } : {}),
    }),
  );
  const rare = [{ name: 'Effusion', positivePatients: 7, negativePatients: 33 }];
  const base = comparison(models, { project: 'A project' });
  return {
    ...base,
    parts: { ...base.parts, validation: { ...base.parts.validation, rare } },
    failed: [
      {
        label: 'vgg19',
        architecture: 'vgg19',
        truncate: null,
        error: { code: 'OVR501', message: 'Weights vgg19.tv_in1k cannot be had from any source' },
      },
    ],
  };
}

const handlersOf = (note: NoteCall): ComparisonMethods => ({
  ready: () =>
    url.searchParams.get('fails') === '1'
      ? Promise.reject(Object.assign(new Error('No comparison is named "gone"'), { code: 'OVR800' }))
      : Promise.resolve({ root: '/project', comparison: madeUp(), language: 'en' }),
  reveal: () => note('reveal'),
  openTable: () => note('openTable'),
  use: async (model) => {
    await note('use', model);
    return `model.architecture: network ${model}`;
  },
  showDifferences: async (first, second) => {
    await note('showDifferences', first, second);
    return '12 of 300 images are in the review grid.';
  },
  log: (message) => note('log', message),
});

playHost('comparisonHarness', (note) => checkedComparisonMethods(handlersOf(note)));
