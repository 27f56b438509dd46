// The layers of `npm test`: in which order they are shown, what each needs, and how many cores it keeps busy.
import { readFileSync } from 'node:fs';
import { fileAlone, suiteAlone } from './again.mjs';

const whole = Infinity;

/**
 * `minutes`: after which a layer counts as hung. `cores`: processor seconds by seconds of the layer alone on two cores, rounded
 * up to what may run beside it; one that measures or fills the machine has `whole`. `place`: layers that write to the same
 * place are not run side by side. `again`: for layers that drive a browser or an editor, how a part that failed is run once more.
 */
const table = {
  'check:format': { minutes: 3, cores: 1 },
  'check:lint': { minutes: 8, cores: 1 },
  'check:types': { minutes: 8, cores: 1 },
  'check:unused': { minutes: 4, cores: 1 },
  // `npm pack` builds into dist/ what it publishes; the tests want the build with its sources.
  'package:test': { minutes: 4, cores: 1 },
  build: { minutes: 3, cores: 1, after: ['package:test'] },
  'test:core': { minutes: 8, cores: 2 },
  'test:programs': { minutes: 10, cores: 2 },
  'test:real': { minutes: 8, cores: 2 },
  // Before what uses the browser and VS Code that it finds or installs.
  environment: { minutes: 15, cores: 1 },
  'test:page': { minutes: 8, cores: 2, after: ['environment'], again: fileAlone('test:page') },
  'test:golden': { minutes: 15, cores: 2 },
  'test:attack': {
    ...{ minutes: 10, cores: 2, after: ['environment'], place: 'out' },
    again: fileAlone('test:attack'),
  },
  // These mostly wait: for windows, for Python, for processes that they killed.
  'test:e2e': {
    ...{ minutes: 15, cores: 1, after: ['environment'], place: 'out' },
    again: fileAlone('test:e2e'),
  },
  'test:torch': { minutes: 10, cores: 1 },
  'test:host': { minutes: 8, cores: 1, after: ['environment'], again: suiteAlone },
  'test:kill': { minutes: 10, cores: 1 },
  'test:electron': { minutes: 10, cores: 1, after: ['environment'], again: suiteAlone },
  'test:bad-input': { minutes: 10, cores: 1 },
};

/** Their tests run in test:core and test:real as well. */
const excerpts = ['test:intake', 'test:dicom'];

/** Every layer, in the order of the report. */
export function testLayers() {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
  // A layer that nobody has put into the table is run all the same, by itself.
  const others = Object.keys(scripts).filter(
    (name) => name.startsWith('test:') && !(name in table) && !excerpts.includes(name),
  );
  const rows = [...Object.entries(table), ...others.map((name) => [name, { minutes: 10, cores: whole }])];
  return rows.map(([name, { after = [], ...row }]) => ({
    name,
    command: 'npm',
    arguments: ['run', '--silent', name],
    ...row,
    after: name.startsWith('test:') ? ['build', ...after] : after,
  }));
}
