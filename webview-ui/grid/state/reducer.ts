/** (state, action) -> state: pure, without the DOM. */
import type { ItemKey } from '../../../src/protocol/engineApi';
import { imageOfKey } from '../../../src/protocol/itemKeys';
import type { Action, EditAction, FocusAction, ListAction, ProjectAction, ViewAction } from './actions';
import { moveCounts } from './confusion';
import { answeredBy, sittingOf } from './sitting';
import { detailWidths, opacities, tileSizes, type GridState } from './model';

/** Expressions that are offered again. */
const mostRemembered = 20;
const none: ReadonlySet<ItemKey> = new Set();

const clamp = (value: number, least: number, most: number): number => Math.min(Math.max(value, least), most);

export function reduce(state: GridState, action: Action): GridState {
  switch (action.type) {
    case 'started':
    case 'restored':
    case 'failed':
    case 'projectChanged':
    case 'faulted':
    case 'finetuningSet':
    case 'gatheringSet':
      return reduceProject(state, action);
    case 'queryChanged':
    case 'querying':
    case 'listed':
    case 'recounted':
    case 'queryFailed':
    case 'queryDropped':
      return reduceList(state, action);
    case 'focused':
    case 'findingSet':
    case 'focusKnown':
    case 'toggled':
    case 'selected':
    case 'selectionCleared':
      return reduceFocus(state, action);
    case 'editStarted':
    case 'editDone':
    case 'editFailed':
      return reduceEdit(state, action);
    case 'tileSizeSet':
    case 'advanceSet':
    case 'matrixSet':
    case 'readingSet':
    case 'detailToggled':
    case 'detailWidthSet':
    case 'heatmapsSet':
    case 'filterUsed':
    case 'reasonSet':
      return reduceView(state, action);
  }
}

function reduceProject(state: GridState, action: ProjectAction): GridState {
  switch (action.type) {
    case 'started':
      return {
        ...state,
        phase: 'ready',
        fault: null,
        project: action.project,
        settings: action.settings,
        query: { ...state.query, splits: action.project.reviewedSplits },
      };
    case 'restored':
      return { ...state, ...action.state };
    case 'failed':
      return { ...state, phase: 'failed', fault: action.fault };
    case 'projectChanged':
      return { ...state, project: action.project };
    case 'faulted':
      return { ...state, fault: action.fault };
    case 'finetuningSet':
      return { ...state, finetuning: action.running };
    case 'gatheringSet':
      return { ...state, gathering: action.running };
  }
}

function reduceList(state: GridState, action: ListAction): GridState {
  switch (action.type) {
    case 'queryChanged':
      return { ...state, query: action.query, shownFrom: action.from ?? null };
    case 'querying':
      return { ...state, querying: true };
    case 'listed':
      return {
        ...state,
        querying: false,
        filterFault: null,
        matrixStale: false,
        list: action.list,
        sitting: sittingOf(state, action.list, action.sitting),
        focus: action.focus,
        finding: action.focus.key === state.focus.key ? state.finding : null,
        anchor: action.focus.index,
        selected: action.selected,
      };
    case 'recounted':
      return {
        ...state,
        matrixStale: state.matrixStale || !action.complete,
        list: state.list && { ...state.list, confusion: moveCounts(state.list.confusion, action.changes) },
      };
    case 'queryFailed':
      return isFilterFault(action.fault.code)
        ? { ...state, querying: false, filterFault: action.fault }
        : { ...state, querying: false, fault: action.fault };
    case 'queryDropped':
      return { ...state, querying: false };
  }
}

function reduceFocus(state: GridState, action: FocusAction): GridState {
  switch (action.type) {
    case 'focused':
      return focusAt(state, action.index, action.key, action.keep === true);
    case 'findingSet':
      return state.finding === action.finding ? state : { ...state, finding: action.finding };
    case 'focusKnown':
      return state.focus.index === action.index && state.focus.key !== action.key
        ? { ...state, focus: { index: action.index, key: action.key } }
        : state;
    case 'toggled':
      return {
        ...state,
        focus: { index: action.index, key: action.key },
        finding: action.index === state.focus.index ? state.finding : null,
        anchor: action.index,
        selected: toggled(state.selected, action.key),
      };
    case 'selected':
      return { ...state, selected: new Set(action.add ? [...state.selected, ...action.keys] : action.keys) };
    case 'selectionCleared':
      return state.selected.size === 0 ? state : { ...state, selected: none };
  }
}

function reduceEdit(state: GridState, action: EditAction): GridState {
  switch (action.type) {
    case 'editStarted': {
      const pending = new Map(state.pending);
      for (const key of action.keys) pending.set(key, action.edit);
      const isAgain = state.failed.size > 0 && action.keys.some((key) => state.failed.has(key));
      const failed = isAgain ? new Set([...state.failed].filter((key) => !pending.has(key))) : state.failed;
      // What was answered is done with: the next key must not hit it again.
      const isSelected = (key: ItemKey): boolean =>
        state.selected.has(key) || state.selected.has(imageOfKey(key));
      const selected = action.keys.some(isSelected) ? none : state.selected;
      return {
        ...state,
        pending,
        failed,
        selected,
        reason: action.edit.reason === undefined ? state.reason : '',
      };
    }
    case 'editDone': {
      const { outcome } = action;
      return {
        ...state,
        pending: withoutEdit(state.pending, action.id),
        lastChange: outcome.change,
        sitting: answeredBy(state.sitting, outcome.queuesBefore, outcome.queues),
        shownFrom: state.shownFrom && {
          ...state.shownFrom,
          sitting: answeredBy(state.shownFrom.sitting, outcome.queuesBefore, outcome.queues),
        },
        canUndo: outcome.canUndo,
        canRedo: outcome.canRedo,
        fault: null,
        project: state.project && {
          ...state.project,
          queues: outcome.queues,
          editsSinceRun: outcome.editsSinceRun,
        },
      };
    }
    case 'editFailed': {
      const lost = [...state.pending].filter(([, edit]) => edit.id === action.id);
      const failed = lost[0]?.[1];
      return {
        ...state,
        pending: withoutEdit(state.pending, action.id),
        failed: new Set([...state.failed, ...lost.map(([key]) => key)]),
        fault: action.fault,
        reason: state.reason === '' ? (failed?.reason ?? '') : state.reason,
      };
    }
  }
}

function reduceView(state: GridState, action: ViewAction): GridState {
  switch (action.type) {
    case 'tileSizeSet': {
      const tileSize = clamp(Math.round(action.size), tileSizes.least, tileSizes.most);
      return { ...state, settings: { ...state.settings, tileSize } };
    }
    case 'advanceSet':
      return { ...state, advance: action.advance };
    case 'matrixSet':
      return { ...state, matrixOpen: action.open };
    case 'readingSet':
      return state.reading === action.reading ? state : { ...state, reading: action.reading };
    case 'detailToggled':
      return state.reading
        ? { ...state, readDetails: !state.readDetails }
        : { ...state, detailOpen: !state.detailOpen };
    case 'detailWidthSet':
      return {
        ...state,
        detailWidth: clamp(Math.round(action.width), detailWidths.least, detailWidths.most),
      };
    case 'heatmapsSet': {
      const next = { ...state.heatmaps, ...action.change };
      const opacity = clamp(Math.round(next.opacity), opacities.least, opacities.most);
      return { ...state, heatmaps: { ...next, opacity } };
    }
    case 'filterUsed': {
      const others = state.filterHistory.filter((where) => where !== action.where);
      return { ...state, filterHistory: [action.where, ...others].slice(0, mostRemembered) };
    }
    case 'reasonSet':
      return { ...state, reason: action.reason };
  }
}

/** OVR900 and OVR901 are the user's own expression: said beside the field, not as a failure of the page. */
function isFilterFault(code: string): boolean {
  return code === 'OVR900' || code === 'OVR901';
}

function focusAt(state: GridState, index: number, key: ItemKey | null, keep: boolean): GridState {
  const last = Math.max(0, (state.list?.total ?? 0) - 1);
  const at = clamp(index, 0, last);
  const selected = keep ? state.selected : none;
  const isThere = at === state.focus.index && key === state.focus.key;
  if (isThere && selected.size === state.selected.size) return state;
  const focus = isThere ? state.focus : { index: at, key: at === index ? key : null };
  const finding = at === state.focus.index ? state.finding : null;
  return { ...state, focus, finding, anchor: keep ? state.anchor : at, selected };
}

function toggled(keys: ReadonlySet<ItemKey>, key: ItemKey): ReadonlySet<ItemKey> {
  const next = new Set(keys);
  if (!next.delete(key)) next.add(key);
  return next;
}

/** Drops the marks of one edit; a later edit on the same item keeps its own. */
function withoutEdit(pending: GridState['pending'], id: number | null): GridState['pending'] {
  if (id === null) return pending;
  return new Map([...pending].filter(([, edit]) => edit.id !== id));
}
