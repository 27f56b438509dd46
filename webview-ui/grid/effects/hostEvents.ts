/** What the host tells unasked: commands, edits made elsewhere, a new run, another query. */
import type { ItemKey } from '../../../src/protocol/engineApi';
import type { GridCommand, GridEvents, ProjectFault } from '../../../src/protocol/gridApi';
import type { EffectContext } from './context';
import type { Edits } from './edits';
import type { Lists } from './lists';

export interface HostEventTargets {
  readonly lists: Lists;
  readonly edits: Edits;
  readonly runCommand: (command: GridCommand, items: readonly ItemKey[] | undefined) => void;
  /** Gives the keys to the tiles: the host has brought the page to the front. */
  readonly focusTile: () => void;
  /** Says that the project cannot be read any more, or can again. */
  readonly showFault: (fault: ProjectFault | null) => void;
  /** Pictures and pixels may be of files that have changed. */
  readonly forgetPictures: () => void;
}

export type HostEvents = (event: keyof GridEvents, payload: GridEvents[keyof GridEvents]) => void;

export function createHostEvents({ store, items }: EffectContext, targets: HostEventTargets): HostEvents {
  const { lists, edits } = targets;
  const handlers: { readonly [E in keyof GridEvents]: (payload: GridEvents[E]) => void } = {
    command: ({ command, items: keys }) => {
      targets.runCommand(command, keys);
    },
    changed: ({ project, what }) => {
      const isNewRun = store.state.project?.latestRun !== project.latestRun;
      store.dispatch({ type: 'projectChanged', project });
      if (what.includes('dataset')) targets.forgetPictures();
      if (what.includes('dataset') || what.includes('runs')) void lists.rerank(isNewRun);
      else items.markStale();
    },
    edited: (outcome) => {
      edits.takeOutcome(outcome);
    },
    fault: ({ fault }) => {
      targets.showFault(fault);
    },
    refitted: ({ project }) => {
      store.dispatch({ type: 'projectChanged', project });
      void lists.relist();
    },
    show: ({ query }) => {
      targets.focusTile();
      void lists.show(query).then(targets.focusTile);
    },
  };
  return (event, payload) => {
    if (Object.hasOwn(handlers, event)) (handlers[event] as (payload: unknown) => void)(payload);
  };
}
