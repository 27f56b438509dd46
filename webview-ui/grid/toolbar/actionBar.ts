/** What acts on the list as a whole, and the states that a menu cannot show. */
import { createButton, createCheckbox } from '../../controls';
import { element } from '../../dom';
import type { GridCommand } from '../../../src/protocol/gridApi';
import type { Formatter } from '../format';
import { noHeatmaps } from '../heatmaps/outputs';
import type { GridState } from '../state/model';

export interface ActionBarActions {
  run(command: GridCommand): void;
  finetune(): void;
  exportList(): void;
}

export function createActionBar(formatter: Formatter, actions: ActionBarActions) {
  const { strings } = formatter;
  const button = (label: string, title: string, command: GridCommand) =>
    createButton({ label, title, onClick: () => actions.run(command) });
  const undo = button(strings.undo, strings.undo, { name: 'undo' });
  const redo = button(strings.redo, strings.redo, { name: 'redo' });
  const all = button(strings.selectAll, strings.selectAll, { name: 'selectAll' });
  const matrix = button(strings.matrixButton, strings.matrixHelp, { name: 'toggleMatrix' });
  const details = button(strings.details, strings.detailsHelp, { name: 'toggleDetail' });
  const keys = button(strings.keys.button, strings.keys.title, { name: 'showKeys' });
  const finetune = createButton({
    label: strings.finetune,
    title: strings.finetuneHelp,
    primary: true,
    onClick: () => actions.finetune(),
  });
  const exported = createButton({
    label: strings.exportList,
    title: strings.exportListHelp,
    onClick: () => actions.exportList(),
  });
  const heat = createCheckbox({
    label: strings.heat.tiles,
    title: strings.heat.tilesHelp,
    onChange: () => actions.run({ name: 'toggleTileHeatmaps' }),
  });
  const blind = createCheckbox({
    label: strings.blind,
    title: strings.blindHelp,
    onChange: () => actions.run({ name: 'toggleBlind' }),
  });
  const blindOn = button(strings.blindOn, strings.blindHelp, { name: 'toggleBlind' });
  const heatOn = button(strings.heat.tilesState, strings.heat.tilesHelp, { name: 'toggleTileHeatmaps' });
  blindOn.setPressed(true);
  heatOn.setPressed(true);
  const states = element('div', { class: 'group states' }, blindOn.root, heatOn.root);
  const root = element(
    'div',
    { class: 'actions', attributes: { role: 'toolbar', 'aria-label': strings.actions } },
    all.root,
    matrix.root,
    details.root,
  );
  const overflow = [
    element('div', { class: 'group switches' }, heat.root, blind.root),
    element('div', { class: 'group' }, undo.root, redo.root, keys.root, exported.root),
  ];

  const update = (state: GridState): void => {
    const { project, list } = state;
    if (project === null) return;
    const editable = !state.settings.readOnly;
    undo.setEnabled(editable && state.canUndo);
    redo.setEnabled(editable && state.canRedo);
    all.setEnabled((list?.total ?? 0) > 0);
    exported.setEnabled((list?.total ?? 0) > 0);
    finetune.setEnabled(editable && !state.finetuning);
    matrix.setPressed(state.matrixOpen && !state.reading);
    details.setPressed(state.reading ? state.readDetails : state.detailOpen);
    const reason = noHeatmaps(state);
    const withHeat = state.heatmaps.onTiles && reason === null;
    heat.setEnabled(reason === null);
    heat.set(withHeat);
    heat.root.title = reason === null ? strings.heat.tilesHelp : strings.heat[reason];
    blind.set(project.blind);
    blindOn.root.hidden = !project.blind;
    heatOn.root.hidden = !withHeat;
    states.hidden = !project.blind && !withHeat;
  };
  return { root, states, finetune: finetune.root, overflow, update };
}
