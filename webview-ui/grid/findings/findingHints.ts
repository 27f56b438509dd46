/** Letters on the findings of an image: typing them goes to one. None of these keys is an answer. */
import type { DisposableStore } from '../../disposables';
import { createHints } from '../answers/hintDialog';
import type { Formatter } from '../format';
import type { GridState } from '../state/model';

export interface FindingHintActions {
  /** The findings that may be gone to. */
  names(): readonly string[];
  go(finding: string): void;
  closed(): void;
}

export function createFindingHints(
  formatter: Formatter,
  actions: FindingHintActions,
  disposables: DisposableStore,
) {
  const { hintsTitle: title, hintsHelp: help } = formatter.strings.findings;
  let names: readonly string[] = [];
  const hints = createHints(
    { title, help, choose: (index) => actions.go(names[index] ?? ''), closed: () => actions.closed() },
    disposables,
  );
  const open = (state: GridState): void => {
    names = actions.names();
    if (names.length > 0 && state.list !== null) hints.open(names);
  };
  return { root: hints.root, open };
}
