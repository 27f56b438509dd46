// The layers of `npm test`: in which order they are shown, what each needs, and how many cores it keeps busy.
import { readFileSync } from 'node:fs';
import { fileAlone, suiteAlone } from './again.mjs';

const whole = Infinity;

/**
 * `minutes`: after which a layer counts as hung, on a slow machine beside another one. `cores`: how much of the machine it is
 * given. A layer that works on two files at a time keeps two cores busy for most of its time, but not while it waits, starts and
 * ends: two of them side by side do, so each counts as one. One whose tests measure has 2, one that fills the machine `whole`.
 * `place`: layers that write to the same place are not run side by side. `again`: for layers that drive a browser or an editor,
 * how a part that failed is run once more.
 */
const table = {
  'package:test': { minutes: 8, cores: 1, place: 'out' },
  // Before what uses the browser and VS Code that it finds or installs.
  environment: { minutes: 15, cores: 1 },
  build: { minutes: 6, cores: 1 },
  // The longest begin first; what installs the VSIX takes that of package:test.
  'test:e2e': {
    ...{ minutes: 30, cores: 1, after: ['environment', 'package:test'], place: 'out' },
    again: fileAlone('test:e2e'),
  },
  'test:page': { minutes: 20, cores: 1, after: ['environment'], again: fileAlone('test:page') },
  'test:torch': { minutes: 20, cores: 1 },
  'test:programs': { minutes: 20, cores: 1 },
  'test:core': { minutes: 20, cores: 1 },
  'test:host': { minutes: 15, cores: 1, after: ['environment'], again: suiteAlone },
  'test:golden': { minutes: 20, cores: 1 },
  'check:lint': { minutes: 15, cores: 1 },
  'check:types': { minutes: 15, cores: 1 },
  'test:kill': { minutes: 15, cores: 1 },
  'test:real': { minutes: 15, cores: 1 },
  'check:format': { minutes: 6, cores: 1 },
  'check:unused': { minutes: 8, cores: 1 },
  'test:electron': { minutes: 10, cores: 1, after: ['environment'], again: suiteAlone },
  'test:bad-input': { minutes: 10, cores: 1 },
  // Its tests hold programs to limits of time and memory.
  'test:attack': {
    ...{ minutes: 20, cores: 2, after: ['environment', 'package:test'], place: 'out' },
    again: fileAlone('test:attack'),
  },
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
