/**
 * What the review grid's page may ask of the extension host, and what it is told. The page is not trusted:
 * the host parses every request (gridRequests.ts), and no message names a file or a command.
 */
import type {
  AnswerRequest,
  EditOutcome,
  GatherBy,
  Heatmap,
  ItemDetail,
  DetailPixels,
  ItemKey,
  ItemList,
  ItemQuery,
  ProjectSummary,
  RefitAnswer,
  ReviewItem,
  Role,
} from './engineApi';

export interface GridSettings {
  readonly tileSize: number;
  /** BCP 47 tag of the editor's language. */
  readonly language: string;
  /** An untrusted workspace is browse-only. */
  readonly readOnly: boolean;
  /** In what role the person answers. */
  readonly role: Role;
}

/** Why the project cannot be read now; what is shown is its last state that could be. */
export interface ProjectFault {
  readonly message: string;
  /** Where to mend it, as people say it: `overread.yaml, line 3, column 5`. */
  readonly place: string;
}

export interface GridStart {
  readonly project: ProjectSummary;
  readonly settings: GridSettings;
  /** The query the panel was opened with; absent when the page restores its own state. */
  readonly query?: ItemQuery;
  readonly fault: ProjectFault | null;
}

/** A tile's picture: a webview URI, or the reason for its absence. */
export type TilePicture =
  { readonly sample: string; readonly uri: string } | { readonly sample: string; readonly error: string };

/** One answer of the reviewer on one or many items: the host adds the role, and passes it on. */
export type GridEdit = Omit<AnswerRequest, 'role'>;

/** An answer whose label the host asks for. */
export type PickRequest = Omit<GridEdit, 'op' | 'value' | 'items'> & {
  readonly items: readonly ItemKey[];
};

export interface GridMethods {
  /** The page is listening; everything starts here. */
  ready(): Promise<GridStart>;
  query(query: ItemQuery): Promise<ItemList>;
  items(list: string, start: number, count: number): Promise<readonly ReviewItem[]>;
  keys(list: string): Promise<readonly ItemKey[]>;
  pictures(samples: readonly string[]): Promise<readonly TilePicture[]>;
  detail(key: ItemKey): Promise<ItemDetail>;
  pixels(sample: string): Promise<DetailPixels>;
  /** Where the shown run sees evidence for a class or finding; samples whose image cannot be read are left out. */
  heatmaps(samples: readonly string[], output: string): Promise<readonly Heatmap[]>;
  edit(edit: GridEdit): Promise<EditOutcome>;
  /**
   * Turns blind reading on or off. Items are called otherwise then.
   * @returns the project as it may be seen now, and what these items (known ones) are called now
   */
  setBlind(
    blind: boolean,
    items: readonly ItemKey[],
  ): Promise<{ readonly project: ProjectSummary; readonly items: readonly ItemKey[] }>;
  undo(): Promise<EditOutcome>;
  redo(): Promise<EditOutcome>;
  /** The classes to pick from are more than nine, or the key asks for the picker: the host shows a quick pick and edits. */
  pickLabel(request: PickRequest): Promise<EditOutcome | null>;
  finetune(): Promise<void>;
  /** Looks through the data, in a task. */
  checkData(): Promise<void>;
  /** What the last refit came to, or the chosen comparison; null: nothing is compared. */
  refitAnswer(intervals: boolean): Promise<RefitAnswer | null>;
  /** The samples of images that look like these, or of the same patients; to be listed in the order `gathered`. */
  gather(items: readonly ItemKey[], by: GatherBy): Promise<readonly string[]>;
  /** Turns live refits on or off. */
  setLive(live: boolean): Promise<ProjectSummary>;
  /** The list as it would be ordered now, behind the first `keep` of one that was shown. */
  relist(query: ItemQuery, list: string, keep: number): Promise<ItemList>;
  /** Stops comparing: the queues of what changed go with it. */
  endComparison(): Promise<void>;
  /** Opens the file that keeps the project from being read, at the fault. */
  openFault(): Promise<void>;
  /** Reads the project again. */
  retry(): Promise<void>;
  showLog(): Promise<void>;
  reveal(sample: string): Promise<void>;
  openImage(sample: string): Promise<void>;
  copyPath(sample: string): Promise<void>;
  /** Writes the list as CSV to a file that the person chooses. False: the person turned away. */
  exportList(list: string): Promise<boolean>;
  /** Keeps a filter as a queue of the project, by a name that the host asks for. False: the person turned away. */
  saveQueue(where: string): Promise<boolean>;
  /** Gives the page all of the window, or takes that back. True: the editor has given the page the keys with it. */
  maximise(): Promise<boolean>;
  /** Takes it back, where it is so; true as above. */
  restoreWindow(): Promise<boolean>;
  /** Sets the context keys that the keybindings test. */
  focus(state: {
    readonly gridFocused: boolean;
    readonly textFocused: boolean;
    readonly selected: number;
  }): Promise<void>;
  log(message: string): Promise<void>;
}

/** Commands of the host (keybindings, tile menus, palette) that the page carries out on its own selection. */
export type GridCommand =
  | { readonly name: 'label'; readonly index: number }
  /** Keeps what is in doubt of the image that is read and was not answered. */
  | { readonly name: 'keepRest' }
  | { readonly name: 'accept' | 'keep' | 'uncertain' | 'exclude' | 'include' | 'pickLabel' | 'repeat' }
  /** Lists images that look like the ones answered for, or are of the same patients; the same again goes back. */
  | { readonly name: 'gatherSimilar' | 'gatherPatient' }
  | {
      readonly name:
        'undo' | 'redo' | 'selectAll' | 'toggleBlind' | 'toggleDetail' | 'focusFilter' | 'next' | 'previous';
    }
  /** Letters on all labels; the matrix; all of the window for the page; the cheat sheet. */
  | { readonly name: 'hintLabels' | 'toggleMatrix' | 'maximise' | 'showKeys' }
  /** The order of the list by the id of a score, or turned round; px of a tile's picture. */
  | { readonly name: 'sort'; readonly by: string }
  | { readonly name: 'reverseOrder' }
  | { readonly name: 'tileSize'; readonly size: number }
  /** Over the image in Read mode, and on the tiles. */
  | { readonly name: 'toggleHeatmap' | 'toggleTileHeatmaps' }
  | { readonly name: 'reveal' | 'openImage' | 'copyPath' };

export interface GridEvents {
  command: { readonly command: GridCommand; readonly items?: readonly ItemKey[] };
  /** Labels, runs or the table changed: the page refreshes its counts and, after a run, re-ranks in place. */
  changed: { readonly project: ProjectSummary; readonly what: readonly ('labels' | 'runs' | 'dataset')[] };
  /** An edit made outside the page (tile menu, quick pick, undo command). */
  edited: EditOutcome;
  show: { readonly query: ItemQuery };
  /** The project cannot be read any more, or can again. */
  fault: { readonly fault: ProjectFault | null };
  /** A live refit came to an end: what was not seen yet may be ordered anew. */
  refitted: { readonly project: ProjectSummary };
}
