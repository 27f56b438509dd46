/** Runs in the page before it: plays VS Code and the extension host over made-up data. */
import {
  checkedNewProjectMethods,
  type NewProjectChoices,
  type NewProjectMethods,
  type NewProjectView,
} from '../../../src/protocol/newProjectApi';
import { playHost, type NoteCall } from './playHost';

const url = new URL(location.href);
let chosen: NewProjectChoices = {};

const columns = [
  'file',
  'label',
  'patient',
  'site',
  '<img src=x onerror=alert(1)>',
  'a column with a very long name that goes on',
];

function view(): NewProjectView {
  const base = { root: '/data/project', source: { kind: 'csv', path: '/data/reading.csv' }, chosen } as const;
  if (chosen.path === 'site' || url.searchParams.get('fails') === '1') {
    const fault = {
      code: 'OVR104',
      message: 'No column looks like labels',
      expected: 'one of them',
      fix: 'Name it.',
    };
    return { ...base, understood: null, examples: [], fault };
  }
  const pattern = chosen['group-pattern'];
  const column = chosen.group === undefined ? 'patient' : chosen.group;
  const group = pattern === undefined || column === null ? column : { column, pattern };
  const understood = {
    root: '/data/project',
    task: 'multi-class',
    samples: 24,
    patients: group === null ? 24 : 12,
    prevalence: [],
    columns,
    choices: [
      { setting: 'dataset.table', value: 'reading.csv', because: '24 rows; never rewritten' },
      {
        setting: 'dataset.path',
        value: chosen.path ?? 'file',
        because: 'its cells name files that are there',
      },
      { setting: 'dataset.images', value: 'images', because: '24 of 24 images are there' },
      { setting: 'dataset.group', value: group, because: 'of its name' },
      { setting: 'split.column', value: 'site', because: 'in the order of its name' },
      { setting: 'split.values', value: { 1: 'train', 2: 'test' }, because: 'what its texts stand for' },
      { setting: 'labels.column', value: 'label', because: 'of its name' },
      { setting: 'labels.rows', value: chosen.rows ?? 'readings', because: 'two readers' },
      { setting: 'labels.reader', value: 'site', because: 'of its name; 2 readers' },
      {
        setting: 'labels.classes',
        value: ['Normal', '<b>Nodule</b>'],
        because: "in the order of the model's outputs",
      },
    ],
    summary: [
      'Normal        12 images, 50.0 %',
      '<b>Nodule</b>  12 images, 50.0 %',
      '2 readers, 2 for each image; they disagree on 3 images',
    ],
    alternatives: [
      { option: 'join', setting: 'dataset.join', values: ['splits.csv', 'ages.csv'] },
      { option: 'image-root', setting: 'dataset.images', values: ['images', 'copy/images'] },
      { option: 'rows', setting: 'labels.rows', values: ['one', 'findings', 'readings'] },
    ],
    ignored: [{ column: 'site', because: 'few distinct texts' }],
    metadata: ['site'],
    problems: [{ severity: 'warning', code: 'OVR105', message: 'A guess to check', fix: 'Check it.' }],
  } as const;
  const uris = Array.from({ length: 4 }, (_, n) => `/picture/${n}.png`);
  return {
    ...base,
    understood,
    examples: [
      { label: 'Normal', uris },
      { label: '<b>Nodule</b>', uris: [] },
    ],
    fault: null,
  };
}

const handlersOf = (note: NoteCall): NewProjectMethods => ({
  ready: () => Promise.resolve(view()),
  choose: (choice, value) => {
    void note('choose', choice, value);
    chosen = { ...chosen, [choice]: value };
    return Promise.resolve(view());
  },
  guess: (choice) => {
    void note('guess', choice);
    const { [choice]: _, ...others } = chosen;
    chosen = others;
    return Promise.resolve(view());
  },
  make: () => {
    void note('make');
    return Promise.reject(Object.assign(new Error('The disk is full'), { code: 'OVR003' }));
  },
  cancel: () => note('cancel'),
  log: (message) => note('log', message),
});

playHost('newProjectHarness', (note) => checkedNewProjectMethods(handlersOf(note)));
