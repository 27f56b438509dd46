/**
 * Every key of the review page, one row each: the keybindings of the manifest, the cheat sheet of the page (`?`) and the
 * table in docs/review.md are made from it. A key has one meaning in a mode, and an answer the same in both.
 */

/** `grid`: the tiles. `read`: one image as large as the editor. */
export type GridMode = 'grid' | 'read';

/** As VS Code writes a key: `ctrl+shift+z`. */
export interface BoundKey {
  readonly key: string;
  readonly mac?: string;
}

export interface GridKeyRow {
  /** A command of the grid, where the editor binds the key. */
  readonly name: string;
  readonly keys: readonly BoundKey[];
  /**
   * `editor`: a keybinding of VS Code, which a person may change. `page`: taken in the page, before the editor hears of
   * it: movements, and what must follow a key that is held.
   */
  readonly by: 'editor' | 'page';
  readonly group: keyof typeof keyGroups;
  /** What it does in a mode; absent: nothing. */
  readonly does: Readonly<Partial<Record<GridMode, string>>>;
}

export const keyGroups = {
  answer: 'Answers',
  letters: 'Letters on findings, after J',
  move: 'Moving',
  select: 'Selecting',
  image: 'The image',
  list: 'The list',
  page: 'The page',
} as const;

const one = (key: string, mac?: string): BoundKey => (mac === undefined ? { key } : { key, mac });
const keys = (...names: readonly string[]): readonly BoundKey[] => names.map((name) => one(name));
/** The same in both modes. */
const both = (text: string): GridKeyRow['does'] => ({ grid: text, read: text });

const editor = (
  name: string,
  group: GridKeyRow['group'],
  bound: readonly BoundKey[],
  does: GridKeyRow['does'],
): GridKeyRow => ({ name, by: 'editor', group, keys: bound, does });

const page = (
  name: string,
  group: GridKeyRow['group'],
  bound: readonly BoundKey[],
  does: GridKeyRow['does'],
): GridKeyRow => ({ name, by: 'page', group, keys: bound, does });

export const gridKeyRows: readonly GridKeyRow[] = [
  editor(
    'label',
    'answer',
    keys('1', '2', '3', '4', '5', '6', '7', '8', '9'),
    both('The label with this number'),
  ),
  editor('accept', 'answer', keys('a'), both('Accept what the model says')),
  editor('keep', 'answer', keys('k'), both('Keep the label')),
  editor('uncertain', 'answer', keys('u'), both('Uncertain')),
  editor('exclude', 'answer', keys('x'), both('Exclude from training and metrics')),
  editor('include', 'answer', keys('shift+x'), both('Include again')),
  editor('pickLabel', 'answer', keys('l'), both('Pick a label from a list')),
  page('keepRest', 'answer', keys('shift+enter'), {
    read: 'Keep the rest: what is in doubt of the image and not answered',
  }),
  editor(
    'hintLabels',
    'answer',
    keys('j'),
    both('Show letters on all labels; a letter answers. Of an image with several findings: on all of these'),
  ),
  editor('repeat', 'answer', keys('.'), both('The last answer again')),
  editor('undo', 'answer', [one('ctrl+z', 'cmd+z')], both('Take the last answer back')),
  editor(
    'redo',
    'answer',
    [one('ctrl+shift+z', 'cmd+shift+z'), one('ctrl+y', 'cmd+y')],
    both('Give it again'),
  ),
  page('goToFinding', 'letters', keys('letter'), both('To the finding')),
  page('otherLabel', 'letters', keys('shift+letter'), both('Its other label, which stands beside it')),
  page('move', 'move', keys('left', 'right', 'up', 'down'), {
    grid: 'To the image in that direction; left and right first through its findings in doubt',
    read: 'Next or previous image; up and down to a finding, where an image has several',
  }),
  editor('next', 'move', keys('n'), both('Next image')),
  editor('previous', 'move', keys('shift+n'), both('Previous image')),
  page('ends', 'move', keys('home', 'end'), both('First, last image')),
  page('page', 'move', keys('pageup', 'pagedown'), { grid: 'A page up, down', read: 'Ten images back, on' }),
  page('toggle', 'select', keys('space'), both('Select the image, or let go of it')),
  page('range', 'select', keys('shift+left', 'shift+right', 'shift+up', 'shift+down'), {
    grid: 'Select up to there',
    read: 'Move the image',
  }),
  page('walk', 'select', keys('ctrl+left', 'ctrl+right', 'ctrl+up', 'ctrl+down'), {
    grid: 'Move and keep the selection',
    read: 'Move and keep the selection',
  }),
  editor('selectAll', 'select', [one('ctrl+a', 'cmd+a')], both('Select all of the list')),
  page('read', 'image', keys('enter'), { grid: 'Read the image as large as the editor' }),
  page('fit', 'image', keys('0'), { read: 'Fit the image' }),
  page('actual', 'image', keys('z'), { read: 'One pixel of the image on one of the screen' }),
  page('zoom', 'image', keys('+', '-'), { read: 'Zoom in, out' }),
  page('invert', 'image', keys('i'), { read: 'Invert black and white' }),
  page('window', 'image', keys('[', ']'), { read: 'Narrower, wider window' }),
  page('resetWindow', 'image', keys('r'), { read: 'Window and level as the file says' }),
  page('heat', 'image', keys('h'), {
    grid: 'Read the image with its heat map',
    read: 'Heat map: while held, or on and off',
  }),
  editor('toggleTileHeatmaps', 'image', keys('shift+h'), both('Heat maps on the tiles')),
  editor('maximise', 'image', keys('f'), both('All of the window for the page, and back')),
  editor('openImage', 'image', keys('o'), both('Open the image in an editor of its own')),
  editor('reveal', 'image', keys('shift+alt+r'), both('Reveal the file')),
  editor('copyPath', 'image', keys('shift+alt+c'), both('Copy its path')),
  editor('focusFilter', 'list', keys('/'), both('To the filter')),
  editor('gatherSimilar', 'list', keys('g'), both('Images that look like it; again: back')),
  editor('gatherPatient', 'list', keys('p'), both('All images of its patient; again: back')),
  editor('toggleMatrix', 'list', keys('m'), both('Confusion matrix')),
  editor('toggleDetail', 'list', keys('d'), both('Details of the image')),
  editor('toggleBlind', 'list', keys('b'), both('Blind reading')),
  page('leave', 'page', keys('escape'), {
    grid: 'Let go of the selection, close what is open',
    read: 'Back to the tile, and the window as it was',
  }),
  page('keys', 'page', keys('?'), both('These keys')),
];

/** The keys that the editor binds to a command of the grid. */
export function editorKeys(name: string): readonly BoundKey[] {
  const row = gridKeyRows.find((one) => one.by === 'editor' && one.name === name);
  return row?.keys ?? [];
}

/** The texts of the table, for translators. */
export const keyTexts: Readonly<Record<string, GridKeyRow['does']>> = Object.fromEntries(
  gridKeyRows.map(({ name, does }) => [name, does]),
);

const signs: Readonly<Record<string, string>> = {
  left: '←',
  right: '→',
  up: '↑',
  down: '↓',
  pageup: 'Page Up',
  pagedown: 'Page Down',
  escape: 'Esc',
  cmd: '⌘',
};

/** A key as people write it: `Ctrl+Shift+Z`. */
export function keyName({ key, mac }: BoundKey, onMac = false): string {
  if (key === '+') return '+';
  const parts = (onMac ? (mac ?? key) : key).split('+');
  return parts.map((part) => signs[part] ?? part.charAt(0).toUpperCase() + part.slice(1)).join('+');
}
