/**
 * What an answering key was meant for. The editor hands a key back as a command some milliseconds later; a click meanwhile, or the
 * list that it asked for, must not have the answer hit an image that was not in focus when the key went down. Keys alone
 * change nothing here: of those that are typed ahead, each answers the tile that the one before has led to.
 */
import { textControls } from '../../controls';
import type { ItemKey } from '../../../src/protocol/engineApi';
import type { GridCommand } from '../../../src/protocol/gridApi';
import { gridKeyRows } from '../../../src/protocol/gridKeys';
import type { DisposableStore } from '../../disposables';

/** ms for which a key waits for its command. */
const keptFor = 2000;

/** What answers, by its key; a person who has bound others is answered by what is in focus when the command comes. */
const answers = new Map(
  gridKeyRows
    .filter(({ group, by }) => group === 'answer' && by === 'editor')
    .flatMap(({ name, keys }) => keys.map(({ key }) => [key, name] as const)),
);

/** Where keys are text. */
const spelt = `${textControls}, dialog`;

interface Place {
  readonly list: string | undefined;
  readonly clicks: number;
  readonly targets: readonly ItemKey[];
}

interface KeyDown extends Place {
  readonly at: number;
  readonly key: string;
}

export class KeyTargets {
  private down: KeyDown[] = [];
  private clicks = 0;

  /** @param now the list on show, and what an answer would hit */
  constructor(
    private readonly now: () => Omit<Place, 'clicks'>,
    disposables: DisposableStore,
  ) {
    disposables.listen(document, 'pointerdown', () => this.clicks++, { capture: true });
    disposables.listen(document, 'keydown', (event) => this.onKey(event), { capture: true });
  }

  /** What a command is for, where that is not what an answer would hit now. */
  take(command: GridCommand): readonly ItemKey[] | undefined {
    const oldest = performance.now() - keptFor;
    const down = this.down.filter(({ at }) => at >= oldest);
    const place = down.findIndex(({ key }) => isOf(key, command));
    this.down = down.slice(place + 1);
    const meant = down[place];
    if (!meant) return undefined;
    return meant.list !== this.now().list || meant.clicks !== this.clicks ? meant.targets : undefined;
  }

  private onKey({ key, shiftKey, ctrlKey, metaKey, altKey, target }: KeyboardEvent): void {
    if (ctrlKey || metaKey || altKey) return;
    // What is typed into a field or spelt on letters becomes no command, and must not stand for one that follows.
    if (target instanceof Element && target.closest(spelt)) return;
    const name = `${shiftKey ? 'shift+' : ''}${key.toLowerCase()}`;
    if (answers.has(name)) {
      this.down.push({ at: performance.now(), key: name, clicks: this.clicks, ...this.now() });
    }
  }
}

function isOf(key: string, command: GridCommand): boolean {
  if (answers.get(key) !== command.name) return false;
  return command.name !== 'label' || key === String(command.index + 1);
}
