/**
 * The checked parser of what the review grid's page asks. The page is not trusted: every parameter is narrowed
 * and rebuilt from its known fields, so nothing unknown travels on; what does not fit is rejected.
 */
import type { GridEdit, GridMethods, PickRequest } from './gridApi';
import type { GatherBy, ItemKey, ItemQuery, Split } from './engineApi';

/** A request of the page that does not fit the contract: a defect of the page, or a page that was tampered with. */
export class RejectedRequest extends Error {
  readonly code = 'OVR004';
  constructor(what: string, expected: string) {
    super(`The page sent ${what}; expected ${expected}`);
    this.name = 'RejectedRequest';
  }
}

/** Longest text that a page may send: a key, a path, an SQL expression, a reason. */
const longestText = 20_000;
/** Most items of one edit, as many as `keys` gives. */
const mostKeys = 200_000;
const mostPictures = 1_000;
const mostItems = 1_000;
/** A request holds up the next: what is in view, not a whole list. */
const mostHeatmaps = 200;

const splits: Readonly<Record<Split, true>> = { train: true, validation: true, test: true };
const editOps: Readonly<Record<GridEdit['op'], true>> = {
  set: true,
  keep: true,
  exclude: true,
  include: true,
  accept: true,
  uncertain: true,
};

const places: Readonly<Record<NonNullable<ItemQuery['by']>, true>> = { image: true };
const gathered: Readonly<Record<GatherBy, true>> = { similar: true, patient: true };

function asRecord(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new RejectedRequest(`no object as ${name}`, 'an object');
  }
  return value as Readonly<Record<string, unknown>>;
}

function asText(value: unknown, name: string): string {
  if (typeof value !== 'string' || value.length > longestText) {
    throw new RejectedRequest(`no usable ${name}`, `text of at most ${longestText} characters`);
  }
  return value;
}

function asName(value: unknown, name: string): string {
  const text = asText(value, name);
  if (text === '') throw new RejectedRequest(`no ${name}`, 'its name');
  return text;
}

function asOneOf<T extends string>(value: unknown, known: Readonly<Record<T, true>>, name: string): T {
  if (typeof value !== 'string' || !Object.hasOwn(known, value)) {
    throw new RejectedRequest(`an unknown ${name}`, Object.keys(known).join(', '));
  }
  return value as T;
}

function asFlag(value: unknown, name: string): boolean {
  if (typeof value !== 'boolean') throw new RejectedRequest(`no usable ${name}`, 'true or false');
  return value;
}

function asCount(value: unknown, most: number, name: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > most) {
    throw new RejectedRequest(`no usable ${name}`, `a whole number from 0 to ${most}`);
  }
  return value;
}

function asList<T>(value: unknown, most: number, name: string, parse: (entry: unknown) => T): readonly T[] {
  if (!Array.isArray(value) || value.length > most) {
    throw new RejectedRequest(`no usable ${name}`, `a list of at most ${most}`);
  }
  return value.map(parse);
}

const asTexts = (value: unknown, most: number, name: string): readonly string[] =>
  asList(value, most, name, (entry) => asText(entry, name));

/** Keys of review items. @throws RejectedRequest when they are none, or too many */
export function parseKeys(value: unknown): readonly ItemKey[] {
  return asTexts(value, mostKeys, 'item keys');
}

/** A query of the page, rebuilt from its known fields. @throws RejectedRequest */
export function parseItemQuery(value: unknown): ItemQuery {
  const query = asRecord(value, 'query');
  const texts = (field: 'given' | 'predicted' | 'samples'): Partial<ItemQuery> =>
    query[field] === undefined ? {} : { [field]: asTexts(query[field], mostKeys, field) };
  const text = (field: 'finding' | 'where' | 'batch' | 'offer'): Partial<ItemQuery> =>
    query[field] === undefined ? {} : { [field]: asText(query[field], field) };
  return {
    // What queues and orders there are, the engine knows: it refuses others.
    queue: asText(query['queue'], 'queue'),
    splits: asList(query['splits'], 3, 'splits', (split) => asOneOf(split, splits, 'split')),
    sort: asText(query['sort'], 'sort key'),
    descending: asFlag(query['descending'], 'direction'),
    ...text('finding'),
    ...texts('given'),
    ...texts('predicted'),
    ...texts('samples'),
    ...text('where'),
    ...text('batch'),
    ...text('offer'),
    ...(query['by'] === undefined ? {} : { by: asOneOf(query['by'], places, 'kind of list') }),
  };
}

/** An edit of the page, rebuilt from its known fields. @throws RejectedRequest */
export function parseGridEdit(value: unknown): GridEdit {
  const edit = asRecord(value, 'edit');
  const op = asOneOf(edit['op'], editOps, 'edit');
  const items = edit['items'] === 'all' ? 'all' : parseKeys(edit['items']);
  if (items.length === 0) throw new RejectedRequest('an edit of no items', 'at least one item');
  if ((op === 'set') !== (edit['value'] !== undefined)) {
    throw new RejectedRequest(
      `a value that does not belong to "${op}"`,
      'a value with "set", and only there',
    );
  }
  return {
    op,
    items,
    ...(op === 'set' ? { value: edit['value'] === null ? null : asText(edit['value'], 'value') } : {}),
    ...(edit['finding'] === undefined ? {} : { finding: asText(edit['finding'], 'finding') }),
    ...circumstancesOf(edit),
  };
}

/** A request of the page for a label that the host asks for. @throws RejectedRequest */
export function parsePickRequest(value: unknown): PickRequest {
  const request = asRecord(value, 'request for a label');
  return { items: parseKeys(request['items']), ...circumstancesOf(request) };
}

/** Where and how an answer was given. */
function circumstancesOf(edit: Readonly<Record<string, unknown>>): Omit<PickRequest, 'items'> {
  return {
    list: asText(edit['list'], 'list'),
    ...(edit['reason'] === undefined ? {} : { reason: asText(edit['reason'], 'reason') }),
    ...(edit['ms'] === undefined ? {} : { ms: asCount(edit['ms'], 86_400_000, 'time to answer') }),
  };
}

/** What the page says has the focus. @throws RejectedRequest */
export function parseFocus(value: unknown): Parameters<GridMethods['focus']>[0] {
  const focus = asRecord(value, 'focus');
  return {
    gridFocused: asFlag(focus['gridFocused'], 'gridFocused'),
    textFocused: asFlag(focus['textFocused'], 'textFocused'),
    selected: asCount(focus['selected'], 10_000_000, 'selected'),
  };
}

/**
 * The methods to serve to the page: each checks what it was given and only then calls `handlers`. Rejects with
 * RejectedRequest, which the RPC sends back as a failure. Unknown methods are the RPC's to reject.
 */
export function checkedGridMethods(handlers: GridMethods): GridMethods {
  return {
    ready: async () => handlers.ready(),
    query: async (query) => handlers.query(parseItemQuery(query)),
    items: async (list, start, count) =>
      handlers.items(
        asText(list, 'list'),
        asCount(start, Number.MAX_SAFE_INTEGER, 'start'),
        asCount(count, mostItems, 'count'),
      ),
    keys: async (list) => handlers.keys(asText(list, 'list')),
    pictures: async (samples) => handlers.pictures(asTexts(samples, mostPictures, 'samples')),
    detail: async (key) => handlers.detail(asText(key, 'item key')),
    pixels: async (sample) => handlers.pixels(asText(sample, 'sample')),
    heatmaps: async (samples, output) =>
      handlers.heatmaps(asTexts(samples, mostHeatmaps, 'samples'), asName(output, 'class or finding')),
    edit: async (edit) => handlers.edit(parseGridEdit(edit)),
    setBlind: async (blind, items) => handlers.setBlind(asFlag(blind, 'blind'), parseKeys(items)),
    undo: async () => handlers.undo(),
    redo: async () => handlers.redo(),
    pickLabel: async (request) => handlers.pickLabel(parsePickRequest(request)),
    finetune: async () => handlers.finetune(),
    checkData: async () => handlers.checkData(),
    refitAnswer: async (intervals) => handlers.refitAnswer(asFlag(intervals, 'intervals')),
    gather: async (items, by) =>
      handlers.gather(parseKeys(items), asOneOf(by, gathered, 'kind of gathering')),
    setLive: async (live) => handlers.setLive(asFlag(live, 'live')),
    exportList: async (list) => handlers.exportList(asText(list, 'list')),
    relist: async (query, list, keep) =>
      handlers.relist(
        parseItemQuery(query),
        asText(list, 'list'),
        asCount(keep, Number.MAX_SAFE_INTEGER, 'keep'),
      ),
    endComparison: async () => handlers.endComparison(),
    openFault: async () => handlers.openFault(),
    retry: async () => handlers.retry(),
    showLog: async () => handlers.showLog(),
    reveal: async (sample) => handlers.reveal(asText(sample, 'sample')),
    openImage: async (sample) => handlers.openImage(asText(sample, 'sample')),
    copyPath: async (sample) => handlers.copyPath(asText(sample, 'sample')),
    saveQueue: async (where) => handlers.saveQueue(asName(where, 'filter')),
    maximise: async () => handlers.maximise(),
    restoreWindow: async () => handlers.restoreWindow(),
    focus: async (state) => handlers.focus(parseFocus(state)),
    log: async (message) => handlers.log(asText(message, 'message').slice(0, 2_000)),
  };
}
