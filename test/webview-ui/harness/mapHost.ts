/** Runs in the page before it: plays VS Code and the extension host over a made-up map. */
import type { FeatureMap } from '../../../src/core/featureMap/model';
import { checkedMapMethods, type MapMethods } from '../../../src/protocol/mapApi';
import { playHost, type NoteCall } from './playHost';
import { random } from './random';

const url = new URL(location.href);
const count = Number(url.searchParams.get('points') ?? 600);

/** Three clouds; the last ten images have no features. */
function madeUp(): FeatureMap {
  const draw = random(3);
  const near = (): number => draw() + draw() + draw() - 1.5;
  const cloud = Int16Array.from({ length: count }, (_, i) => i % 3);
  const xy = new Float32Array(2 * count).fill(NaN);
  for (let i = 0; i < count - 10; i++) {
    xy[2 * i] = near() + [-2, 2, 0][i % 3]!;
    xy[2 * i + 1] = near() + [0, 0, 2.5][i % 3]!;
  }
  return {
    run: 'first',
    method: 'components',
    xy,
    samples: JSON.stringify(Array.from({ length: count }, (_, i) => `image ${i}`)),
    colours: [
      {
        kind: 'category',
        id: 'label',
        title: 'Label',
        names: ['Covid-19', '<b>No</b>', 'Pneumonia'],
        codes: cloud,
      },
      {
        kind: 'number',
        id: 'suspicion',
        title: 'Suspicion',
        values: Float32Array.from({ length: count }, (_, i) => (i % 7 === 0 ? NaN : draw())),
      },
      {
        kind: 'category',
        id: 'split',
        title: 'Part',
        names: ['train', 'validation', 'test'],
        codes: Int16Array.from(
          { length: count },
          (_, i) => i % (url.searchParams.get('test') === '1' ? 3 : 2),
        ),
      },
    ],
  };
}

const map = madeUp();
const handlersOf = (note: NoteCall): MapMethods => ({
  ready: () => Promise.resolve({ root: '/project', name: 'A project' }),
  map: () =>
    url.searchParams.get('fails') === '1'
      ? Promise.reject(Object.assign(new Error('The features are not in the cache'), { code: 'OVR804' }))
      : Promise.resolve(map),
  umap: async () => {
    await note('umap');
    return { method: 'umap', xy: map.xy.map((value) => value * value) };
  },
  show: (samples) => note('show', samples),
  thumbnail: async (sample) => {
    await note('thumbnail', sample);
    return '/picture/1.png';
  },
  log: (message) => note('log', message),
});

playHost('mapHarness', (note) => checkedMapMethods(handlersOf(note)));
